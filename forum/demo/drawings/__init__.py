"""The drawings of the demo site, a module a section, a function a picture."""
