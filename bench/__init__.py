"""What is measured, against what, in one run on one machine. docs/performance.md tells how to read it."""
