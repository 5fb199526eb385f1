"""The parts of the page "How words become numbers": one module a step, and what they share."""
