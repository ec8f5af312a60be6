"""Annual series and editions, deadlines and calendars: the room for organizers. Nothing is built here yet."""
