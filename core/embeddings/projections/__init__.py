"""Many numbers a word, drawn with two or three; and how far the drawing can be trusted.

scikit-learn, openTSNE and umap-learn are imported when first used.
"""

from core.embeddings.projections.faithfulness import Faithfulness, measure_faithfulness
from core.embeddings.projections.pca import Basis, fit_basis
from core.embeddings.projections.projection import (
    LARGEST,
    METHODS,
    Projection,
    draw_rows,
    project,
)

__all__ = [
    "LARGEST",
    "METHODS",
    "Basis",
    "Faithfulness",
    "Projection",
    "draw_rows",
    "fit_basis",
    "measure_faithfulness",
    "project",
]
