package page

// Blocks of the officers' desk and of the screen in the hall.
type (
	// Tiles are the claims that an officer has in hand.
	Tiles struct{ Items []Tile }
	// Tile is one of them. Each button posts to its Action.
	Tile struct {
		Link
		State, Kind string // Kind as in Task
		Lines       []string
		Room        string // address of the video room, "" for none
		RoomText    string
		Phone       string // "+628…", "" for none
		Buttons     []Submit
	}
	// Queue lists who waits, without names. A script asks Source again every
	// few seconds and announces News.
	Queue struct {
		Title, Source, News string
		Action              string // a row's button posts its Value as "klaim"
		Head                []string
		Rows                []QueueRow
		Empty, More         string
		Again               Link // the same without a script
	}
	// QueueRow is one who waits.
	QueueRow struct {
		Cells  []string
		Tags   []string
		Button string // "" where it cannot be taken yet
		Name   string // what the button takes, for who cannot see the row
		Value  string
		Link   *Link
	}
	// Screen shows the newest calls in type that is read from five metres.
	Screen struct {
		Source, News, Speak string // Speak: words for a voice, "" for none
		Voice               string // label of the button that switches the voice on
		Calls               []ScreenCall
		Empty               string
	}
	// ScreenCall sends a queue number to a desk.
	ScreenCall struct{ Number, Desk string }
	// Photo shows a picture of the file store.
	Photo struct{ URL, Alt string }
)

func (Tiles) block()  {}
func (Queue) block()  {}
func (Screen) block() {}
func (Photo) block()  {}
