"""The parts of the page "Where recurrent networks stand today", one module a part."""
