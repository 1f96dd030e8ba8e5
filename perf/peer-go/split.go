package main

// splitPage makes several entries of a page that is too large for one item. Only the last part moves the cursor and may end
// the loop: the cursor is never ahead of the data.
func splitPage(whole *pageEntry, limitBytes int) ([]*pageEntry, *failure) {
	if len(canonicalJSON(whole)) <= limitBytes {
		return []*pageEntry{whole}, nil
	}
	frame := *whole
	frame.Accounts, frame.Added, frame.Modified, frame.Removed = []account{}, []transaction{}, []transaction{}, []string{}
	frameBytes := len(canonicalJSON(frame))
	var parts []*pageEntry
	bytes := 0
	place := func(record any, add func(part *pageEntry)) *failure {
		recordBytes := len(canonicalJSON(record)) + 1 // its comma
		if frameBytes+recordBytes > limitBytes {
			return fail("ITEM_TOO_LARGE", map[string]any{"bytes": frameBytes + recordBytes, "limitBytes": limitBytes})
		}
		if len(parts) == 0 || bytes+recordBytes > limitBytes {
			part := frame
			parts, bytes = append(parts, &part), frameBytes
		}
		add(parts[len(parts)-1])
		bytes += recordBytes
		return nil
	}
	// Accounts before the records that name them; additions before modifications, because the later part wins.
	var err *failure
	for _, one := range whole.Accounts {
		err = firstOf(err, place(one, func(part *pageEntry) { part.Accounts = append(part.Accounts, one) }))
	}
	for _, one := range whole.Added {
		err = firstOf(err, place(one, func(part *pageEntry) { part.Added = append(part.Added, one) }))
	}
	for _, one := range whole.Modified {
		err = firstOf(err, place(one, func(part *pageEntry) { part.Modified = append(part.Modified, one) }))
	}
	for _, one := range whole.Removed {
		err = firstOf(err, place(one, func(part *pageEntry) { part.Removed = append(part.Removed, one) }))
	}
	if err != nil {
		return nil, err
	}
	for _, part := range parts[:len(parts)-1] {
		part.Loop.Last, part.CursorAfter, part.Quarantined = false, whole.CursorBefore, 0
	}
	return parts, nil
}

func firstOf(one, other *failure) *failure {
	if one != nil {
		return one
	}
	return other
}
