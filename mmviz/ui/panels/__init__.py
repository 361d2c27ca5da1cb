"""Panels beside the picture: network, products, facts."""
