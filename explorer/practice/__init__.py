"""The parts of the page *Training in practice*: one question, one or two choices, one picture."""
