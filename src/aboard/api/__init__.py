"""The HTTP faces for platforms: two dialects over the same flows, joined in `application`."""
