"""What stands before the bucket on this machine, as CloudFront does on AWS: signed links open its files."""
