"""Files: photos and scans, kept by SHA-256 in the instance folder, and what of them may be public."""
