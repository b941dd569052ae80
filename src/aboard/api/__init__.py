"""The HTTP faces for platforms: dialects over the same flows, joined in `application`."""
