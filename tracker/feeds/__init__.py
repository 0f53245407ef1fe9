"""What programs subscribe to: moves as Atom and JSON Feed, expected starts as iCalendar."""
