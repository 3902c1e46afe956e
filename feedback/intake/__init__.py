"""What visitors touch: the endpoint, the form without JavaScript, the widget's files."""
