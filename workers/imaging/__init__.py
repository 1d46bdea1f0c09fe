"""Pictures: opening what people upload, making smaller sizes, changing a part and nothing else. No AWS in here."""
