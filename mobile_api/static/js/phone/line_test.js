// The line test in the page.
