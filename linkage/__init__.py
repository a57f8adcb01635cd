"""Council records in → NHS Numbers, clusters, confidence and reasons out."""

__version__ = "0.1.0"
