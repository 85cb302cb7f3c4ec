"""Pages in HTML and Markdown: templates, and the parts that pages share."""
