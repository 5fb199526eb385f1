"""The pages of the gallery: what sequences are good for, with live models."""
