"""The xAPI resources over HTTP: headers, versions and shapes; the work is in services and queries."""
