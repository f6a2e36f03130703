"""What a person is entitled to see: what is held of them, and who asked, when and why."""
