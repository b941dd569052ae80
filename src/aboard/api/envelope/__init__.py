"""The envelope of everything under `/api/v1`, for creators and for those who sign in."""
