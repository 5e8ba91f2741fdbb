package checker

import "strings"

// nearest returns the one of names that word was probably meant to be, "" if
// none is near: one slip in a short word, two in a long one.
func nearest(word string, names []string) string {
	most := 1
	if len(word) > 7 {
		most = 2
	}
	best := ""
	for _, name := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d <= most && len(word) > 2 {
			best, most = name, d-1
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with a neighbour to
// make b of a.
func distance(a, b string) int {
	if d := len(a) - len(b); d > 2 || d < -2 {
		return 3
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
