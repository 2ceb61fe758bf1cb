"""Speak to each platform: turn its words into ours, and our decisions into its documents.

One folder per platform with the same file names: `oauth`, `client`, `translate`, `books`, `webhook`. `mail` is the
third way out. What a run may ask of a platform is `ports`; what can go wrong is `errors`.
"""
