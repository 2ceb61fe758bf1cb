"""Email over SMTP, rendered from templates that cannot reach anything but the values they are given."""
