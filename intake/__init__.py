"""What institutions deliver: read, checked, copied in and reported on."""
