package site

import (
	"fmt"

	"lapakasik/site/requirement"
)

// A message says a problem in Indonesian, and in both languages what to do.
// The key of the table is the English format, which is also what the code
// says; the arguments come in the same order in both.
type message struct {
	id     string
	todoID string
	todoEN string
}

// A phrase is a part of a message that has a translation of its own.
type phrase string

var warningWord = requirement.Text{ID: "saran", EN: "advice"}

// say returns a message in both languages, and what to do about it.
func say(format string, args ...any) (wrong, todo requirement.Text) {
	m, known := messages[format]
	if !known {
		m.id = format
	}
	inID := make([]any, len(args))
	for i, a := range args {
		inID[i] = a
		if p, ok := a.(phrase); ok && phrases[p] != "" {
			inID[i] = phrases[p]
		}
	}
	return requirement.Text{ID: fmt.Sprintf(m.id, inID...), EN: fmt.Sprintf(format, args...)},
		requirement.Text{ID: m.todoID, EN: m.todoEN}
}

// wholeFile returns a problem of a file as a whole.
func wholeFile(name, format string, args ...any) Problem {
	p := Problem{File: name}
	p.Message, p.Todo = say(format, args...)
	return p
}

const wrongDate = "%s: date %q: want YYYY-MM-DD of a day that exists"

// Advice that several messages share.
const (
	dateID, dateEN         = "Tulis tahun-bulan-tanggal, misalnya 2026-11-24.", "Write year-month-day, such as 2026-11-24."
	codeID, codeEN         = "Pakai huruf kecil, angka dan tanda hubung, misalnya surat-phk.", "Use small letters, digits and dashes, such as surat-phk."
	sourceID, sourceEN     = "Tulis hukum dan pasalnya di source, misalnya \"Permenaker 4/2022 Pasal 5\".", "Write law and article in source, such as \"Permenaker 4/2022 Pasal 5\"."
	linkID, linkEN         = "Periksa ejaan alamatnya. Halaman klaim/phk.md beralamat /klaim/phk/.", "Check the spelling of the address. The page klaim/phk.md is at /klaim/phk/."
	addDocID, addDocEN     = "Periksa ejaan kodenya, atau tambahkan dokumen itu di data/dokumen.yaml.", "Check the spelling of the code, or add the document to data/dokumen.yaml."
	addAskID, addAskEN     = "Periksa ejaan kodenya, atau tambahkan pertanyaan itu di data/pertanyaan.yaml.", "Check the spelling of the code, or add the question to data/pertanyaan.yaml."
	bothID, bothEN         = "Tulis seperti {id: \"teks Indonesia\", en: \"English text\"}.", "Write {id: \"teks Indonesia\", en: \"English text\"}."
	wordsID, wordsEN       = "Kembalikan baris itu seperti semula; kata sebelum titik dua tidak boleh diubah.", "Put the line back as it was; what stands before the colon must not be changed."
	removeID, removeEN     = "Hapus salah satunya.", "Remove one of them."
	putBackID, putBackEN   = "Kembalikan isi file itu dari versi sebelumnya.", "Put the content of the file back from an earlier version."
	clockID, clockEN       = "Tulis jam dan menit dengan dua angka dalam tanda kutip, misalnya \"08:00\".", "Write hours and minutes with two digits each in quotes, such as \"08:00\"."
	rangeID, rangeEN       = "Tulis angka di antara keduanya.", "Write a number between the two."
	whenceID, whenceEN     = "Tulis dari mana angkanya: judul laporan dan tahunnya.", "Write where the numbers are from: the report's title and year."
	fenceID, fenceEN       = "Baris pertama file harus ---. Setelah judul, deskripsi dan seterusnya, tutup dengan baris --- lagi.", "The first line of the file must be ---. After title, description and so on, close it with another line ---."
	spellID, spellEN       = "Periksa ejaan dan huruf kecilnya.", "Check the spelling and the small letters."
	pictureID, pictureEN   = "Simpan gambar di folder content/gambar/ dan tulis alamatnya /gambar/nama.png.", "Keep the picture in the folder content/gambar/ and write its address /gambar/name.png."
	indentID, indentEN     = "Periksa jarak dari kiri, tanda kutip dan titik dua di baris itu.", "Check the indentation, quotes and colons of that line."
	headingID, headingEN   = "Pakai ## untuk bagian, ### untuk anak bagian, berurutan.", "Use ## for a section and ### below it, in order."
	bothListID, bothListEN = "Beri tanggal akhir (valid_to) pada daftar yang lama.", "Give the older list an end (valid_to)."
)

var messages = map[string]message{
	// Files and addresses.
	"address %s is taken by %s":                                         {"alamat %s sudah dipakai %s", "Ganti nama salah satu file.", "Rename one of the files."},
	"the translation is missing: %s":                                    {"terjemahannya belum ada: %s", "Buat file itu. Judul, deskripsi dan isinya dalam bahasa yang lain.", "Create that file, with title, description and text in the other language."},
	"alias %s is the address of %s":                                     {"alamat lama %s adalah alamat %s", "Hapus alamat itu dari aliases.", "Remove the address from aliases."},
	"alias %s is given by %s too":                                       {"alamat lama %s juga ditulis di %s", removeID, removeEN},
	"address %s is served by the program itself":                        {"alamat %s dipakai program ini sendiri", "Ganti nama filenya. Terjemahan berakhiran .en.md, di samping aslinya, bukan di folder en/.", "Rename the file. A translation ends in .en.md and stands beside its original, not in a folder en/."},
	"alias %s is served by the program itself":                          {"alamat lama %s dipakai program ini sendiri", "Hapus alamat itu dari aliases. Alamat Inggrisnya (/en/…) dibuat sendiri.", "Remove the address from aliases. Its English form (/en/…) is made by itself."},
	"the page is missing or not published, and the program leads to it": {"halaman ini tidak ada atau tidak terbit, padahal program menuju ke sana", "Kembalikan kedua filenya dari versi sebelumnya. Jangan tulis draft, publish atau expires di dalamnya.", "Put both its files back from an earlier version. Write no draft, publish or expires in them."},
	"the ending %s is not read; want %s":                                {"file berakhiran %s tidak dibaca; tulis %s", "Ganti nama filenya. Akhirannya huruf kecil.", "Rename the file. The ending is in small letters."},
	"nothing reads this file":                                           {"file ini tidak dibaca", "Halaman berakhiran .md dan gambar .png, .jpg atau .webp. Nama file di data/ sudah tentu: periksa ejaannya. Kalau tidak dipakai, hapus.", "Pages end in .md, pictures in .png, .jpg or .webp. The names of files in data/ are fixed: check the spelling. Delete it if it is of no use."},
	"the folder of the content does not exist":                          {"folder kontennya tidak ada", "Jalankan dari folder proyek, atau tulis foldernya dengan -content.", "Run this from the project's folder, or name the folder with -content."},
	"the content has no pages":                                          {"konten tidak punya halaman", "Jalankan dari folder proyek, atau tulis foldernya dengan -content.", "Run this from the project's folder, or name the folder with -content."},
	"the home page is missing":                                          {"halaman beranda tidak ada", "Kembalikan file index.md.", "Put the file index.md back."},
	"section %s is not a page":                                          {"bagian %s bukan halaman", linkID, linkEN},
	"link %s leads to no page":                                          {"tautan %s tidak menuju halaman mana pun", linkID, linkEN},
	"link %s leads to a page that is not published":                     {"tautan %s menuju halaman yang tidak terbit", "Terbitkan halaman itu, atau hapus tautannya.", "Publish that page, or remove the link."},
	"link %s %s":                           {"tautan %s %s", linkID, linkEN},
	"link %s %s (on %d pages)":             {"tautan %s %s (di %d halaman)", linkID, linkEN},
	"the page of branch %s is taken by %s": {"halaman kantor %s sudah dipakai %s", "Ganti nama file halaman itu. Halaman kantor dibuat dari data/kantor.yaml.", "Rename that page's file. Pages of branches are made from data/kantor.yaml."},
	"the page has id %q twice; word one of its headings differently":                       {"halaman ini punya jangkar %q dua kali; ubah kata salah satu judulnya", "Beri kata lain di salah satu judul bagian (##) halaman itu.", "Word one of the headings (##) of that page differently."},
	"the file has %d KB; want at most %d":                                                  {"file ini %d KB; paling besar %d", "Bagi menjadi beberapa halaman.", "Split it into several pages."},
	"the file is missing":                                                                  {"file ini tidak ada", "Kembalikan file itu dari versi sebelumnya.", "Put the file back from an earlier version."},
	"cannot be read: %v":                                                                   {"tidak dapat dibaca: %v", "Periksa izin file dan nama foldernya.", "Check the file's permissions and its folder's name."},
	"the file starts with a byte order mark; save it as UTF-8 without BOM":                 {"file dimulai dengan tanda BOM; simpan sebagai UTF-8 tanpa BOM", "Di Notepad: Simpan sebagai, Pengodean, pilih UTF-8.", "In Notepad: Save as, Encoding, choose UTF-8."},
	"the file is not UTF-8":                                                                {"file ini bukan UTF-8", "Simpan ulang dengan pengodean UTF-8.", "Save it again with the encoding UTF-8."},
	"the file holds a control character (%U)":                                              {"file ini berisi karakter kendali (%U)", "Hapus karakter itu; sering terbawa saat menyalin dari PDF.", "Remove the character; it often comes with text copied from a PDF."},
	"a file name is an address: want small letters, digits and dashes, then .md or .en.md": {"nama file adalah alamat: pakai huruf kecil, angka dan tanda hubung, lalu .md atau .en.md", "Contoh: cara-memotret.md dan cara-memotret.en.md.", "For example cara-memotret.md and cara-memotret.en.md."},
	"the picture has %d KB; want at most %d":                                               {"gambar ini %d KB; paling besar %d", "Perkecil gambarnya. Pembaca memakai jaringan lambat.", "Make the picture smaller. Readers have slow lines."},
	"the file is not a picture: %v":                                                        {"file ini bukan gambar: %v", "Simpan sebagai PNG, JPEG atau WebP.", "Save it as PNG, JPEG or WebP."},
	"the requirement set cannot be made: %v":                                               {"susunan syarat tidak dapat dibuat: %v", "Perbaiki kesalahan lain dulu. Kalau tinggal ini, kembalikan file di data/ dari versi sebelumnya.", "Mend all else first. If only this is left, put the files of data/ back from an earlier version."},

	// Front matter and YAML.
	"front matter must start with --- on the first line and end with ---": {"data halaman harus dimulai dengan --- di baris pertama dan ditutup dengan ---", fenceID, fenceEN},
	"front matter ends with a line of three dashes and nothing else":      {"data halaman ditutup dengan baris berisi tiga tanda hubung saja", "Tulis ---, tanpa spasi di belakangnya.", "Write ---, with no space behind it."},
	"nothing is written here":                        {"belum ada isinya", fenceID, fenceEN},
	"the file is empty":                              {"file ini kosong", "Kembalikan isinya dari versi sebelumnya.", "Put its content back from an earlier version."},
	"a line --- has no place here":                   {"baris --- tidak pada tempatnya", "Hapus baris itu. Hanya halaman (.md) yang memakai ---.", "Remove the line. Only pages (.md) use ---."},
	"this cannot be read: %s":                        {"bagian ini tidak dapat dibaca: %s", indentID, indentEN},
	"unknown key %s":                                 {"kunci %s tidak dikenal", spellID, spellEN},
	"want %s, found %s%s":                            {"seharusnya %s, tertulis %s%s", indentID, indentEN},
	"key %s is already given at line %d":             {"kunci %s sudah ditulis di baris %d", removeID, removeEN},
	wrongDate:                                        {"%s: tanggal %q: tulis YYYY-MM-DD dari hari yang ada", dateID, dateEN},
	"title is missing":                               {"judul (title) belum ada", "Tambahkan baris title: \"…\".", "Add a line title: \"…\"."},
	"description is missing":                         {"deskripsi (description) belum ada", "Tambahkan baris description: \"…\": isi halaman dalam satu kalimat.", "Add a line description: \"…\": what the page tells, in one sentence."},
	"description has %d characters; want at most %d": {"deskripsi punya %d huruf; paling banyak %d", "Pendekkan, supaya utuh di hasil pencarian.", "Shorten it, so that search results show it whole."},
	"kind %q: want one of %s":                        {"jenis (kind) %q: pilih salah satu dari %s", "Kebanyakan halaman tidak perlu kind: hapus barisnya, atau pakai salah satu kata itu.", "Most pages need no kind: remove the line, or use one of those words."},
	"reviewed is missing: the day when somebody last read the page against its sources": {"reviewed belum ada: hari terakhir halaman ini dicocokkan dengan sumbernya", dateID, dateEN},
	"review_every_days must not be negative":                                            {"review_every_days tidak boleh negatif", "Tulis jumlah hari, misalnya 180.", "Write a number of days, such as 180."},
	"reviewed %s is a day to come; today is %s":                                         {"reviewed %s belum tiba; hari ini %s", "Tulis hari terakhir halaman ini dicocokkan dengan sumbernya.", "Write the day on which the page was last read against its sources."},
	"the change of %s is of a day to come; today is %s":                                 {"catatan perubahan %s belum tiba; hari ini %s", "Tulis hari perubahan itu. Kalau halaman baru terbit nanti, tulis juga publish.", "Write the day of the change. If the page is to be published later, write publish too."},
	"a source needs a title":                                                            {"sumber perlu judul (title)", "Tulis title: \"…\": nama peraturan, situs atau dokumennya.", "Write title: \"…\": the name of the rule, site or document."},
	"source address %q: want https://…":                                                 {"alamat sumber %q: harus https://…", "Buka alamatnya dengan https. Kalau tidak bisa, tulis judul sumbernya saja.", "Open the address with https. If there is none, give the source's title alone."},
	"a change needs its text in both languages":                                         {"catatan perubahan perlu teks dalam dua bahasa", bothID, bothEN},
	"alias %q: want a path like /lama/":                                                 {"alamat lama %q: tulis seperti /lama/", "Alamat lama diawali dan ditutup garis miring, tanpa nama situs: /bantuan/foto/.", "An old address has a slash at both ends and no name of a site: /bantuan/foto/."},
	"expires %s is not after publish %s":                                                {"expires %s tidak sesudah publish %s", dateID, dateEN},

	// Words of the pages.
	"the words %s are missing":                         {"kata-kata %s tidak ada", wordsID, wordsEN},
	"%s needs words in both languages":                 {"%s perlu kata-kata dalam dua bahasa", bothID, bothEN},
	"%s has no placeholders":                           {"%s tidak boleh berisi kata dalam kurung kurawal", "Hapus kata dalam { } dari kedua bahasanya.", "Remove what is in { } from both languages."},
	"%s needs the placeholders {%s} in both languages": {"%s harus berisi {%s} dalam dua bahasa", "Tulis kata dalam { } persis seperti itu; program menggantinya dengan isinya.", "Write what is in { } exactly so; the program puts the value in its place."},

	// Claim reasons.
	"a page in the folder klaim/ must have kind: reason":                       {"halaman di dalam klaim/ harus punya kind: reason", "Tambahkan baris kind: reason, atau pindahkan file ke folder lain.", "Add the line kind: reason, or move the file to another folder."},
	"a page of kind reason must be in the folder klaim/":                       {"halaman dengan kind: reason harus di folder klaim/", "Pindahkan file itu.", "Move the file."},
	"situation is missing":                                                     {"keadaan (situation) belum ada", "Tulis keadaan pembaca, misalnya situation: \"Saya mengundurkan diri\".", "Write the reader's situation, such as situation: \"I resigned\"."},
	"programme %q: want JHT, JKM, JKK, JP or JKP":                              {"program %q: pilih JHT, JKM, JKK, JP atau JKP", "JHT: hari tua, JKM: kematian, JKK: kecelakaan kerja, JP: pensiun, JKP: kehilangan pekerjaan.", "JHT: old age, JKM: death, JKK: work accident, JP: pension, JKP: lost job."},
	"applicant is missing: who claims, the member or the heirs":                {"pemohon (applicant) belum ada: siapa yang mengajukan, peserta atau ahli waris", "Tulis applicant: member bila peserta sendiri, applicant: heir bila ahli waris.", "Write applicant: member for the member, applicant: heir for the heirs."},
	"this page must have kind: %s, which says what must be on it":              {"halaman ini harus punya kind: %s, yang menentukan apa yang harus ada di dalamnya", "Kembalikan baris kind itu.", "Put that line kind back."},
	"%s is missing; a page of kind %s needs it":                                {"%s belum ada; halaman dengan kind: %s harus memilikinya", "Kembalikan barisnya dari versi sebelumnya, atau contoh halaman lain yang sejenis.", "Put the line back from an earlier version, or copy that of another page of the kind."},
	"applicant %q: want member or heir":                                        {"pemohon (applicant) %q: pilih member atau heir", "member: peserta sendiri yang mengajukan; heir: ahli warisnya.", "member: the member claims; heir: the heirs do."},
	"a reason without channels only guides; it has no rules and no lists":      {"sebab klaim tanpa kanal hanya memandu; tidak punya rules dan lists", "Tulis channels: [online, onsite], atau hapus rules dan lists.", "Write channels: [online, onsite], or remove rules and lists."},
	"a reason that can be claimed needs a list with basis: law":                {"sebab klaim perlu daftar berkas dengan basis: law", "Tambahkan daftar menurut hukum yang berlaku.", "Add the list of the law in force."},
	"no list of documents is in force on %s":                                   {"tidak ada daftar berkas yang berlaku pada %s", "Perpanjang valid_to daftar itu, atau tambahkan daftar penggantinya.", "Extend valid_to of the list, or add the list that replaces it."},
	"this list ends on %s and none follows":                                    {"daftar ini berakhir %s dan belum ada penggantinya", "Tambahkan daftar penggantinya sebelum hari itu.", "Add the list that replaces it before that day."},
	"channel %q: want online or onsite":                                        {"kanal %q: pilih online atau onsite", "online: lewat panggilan video; onsite: di kantor cabang.", "online: by video call; onsite: at a branch office."},
	"channel %s is given twice":                                                {"kanal %s ditulis dua kali", removeID, removeEN},
	"rule %s needs an amount of at least 1":                                    {"aturan %s perlu amount paling sedikit 1", "Tulis amount: jumlah bulan atau tahunnya, misalnya amount: 1.", "Write amount: the number of months or years, such as amount: 1."},
	"rule must_be: answer %q: want ya or tidak":                                {"aturan must_be: jawaban %q: pilih ya atau tidak", "Tulis answer: \"ya\" atau answer: \"tidak\": jawaban yang membolehkan klaim.", "Write answer: \"ya\" or answer: \"tidak\": the answer with which a claim is possible."},
	"rule kind %q: want min_age, wait_months, min_years, must_be or date_past": {"jenis aturan %q: pilih min_age, wait_months, min_years, must_be atau date_past", "min_age: umur; wait_months: masa tunggu; min_years: lama kepesertaan; must_be: jawaban tertentu; date_past: hari yang sudah lewat.", "min_age: age; wait_months: a waiting time; min_years: years of membership; must_be: a certain answer; date_past: a day that has passed."},
	"whole_month is only for wait_months":                                      {"whole_month hanya untuk wait_months", "Hapus baris whole_month.", "Remove the line whole_month."},
	"question %q is not in data/pertanyaan.yaml":                               {"pertanyaan %q tidak ada di data/pertanyaan.yaml", addAskID, addAskEN},
	"rule %s needs a question of kind %s; %s has kind %s":                      {"aturan %s perlu pertanyaan jenis %s; %s berjenis %s", "Pilih pertanyaan lain dari data/pertanyaan.yaml, atau jenis aturan lain.", "Choose another question of data/pertanyaan.yaml, or another kind of rule."},
	"the rule on %s needs a refusal in both languages":                         {"aturan tentang %s perlu refusal dalam dua bahasa", bothID, bothEN},
	"%s is not filled in; want %s":                                             {"%s tidak diganti apa pun; yang ada hanya %s", "Periksa ejaannya. {tanggal} diganti hari mulai boleh mengajukan.", "Check the spelling. {tanggal} becomes the day from which a claim is possible."},
	"%s is not filled in: a rule must_be is met on no certain day":             {"%s tidak diganti apa pun: aturan must_be tidak punya hari mulai", "Hapus {tanggal} dari kalimat itu.", "Remove {tanggal} from the sentence."},
	"the rule on %s needs its source: law and article":                         {"aturan tentang %s perlu sumber (source): hukum dan pasal", sourceID, sourceEN},
	"basis %q: want law or practice":                                           {"basis %q: pilih law atau practice", "law: menurut hukum yang berlaku; practice: yang masih diminta kantor.", "law: by the law in force; practice: what offices still ask for."},
	"a list needs its source":                                                  {"daftar berkas perlu sumber (source)", sourceID, sourceEN},
	"a list needs documents":                                                   {"daftar berkas perlu documents", "Tulis documents: dan di bawahnya - {slot: ktp, need: required}.", "Write documents: and below it - {slot: ktp, need: required}."},
	"valid_to %s is before valid_from %s":                                      {"valid_to %s sebelum valid_from %s", dateID, dateEN},
	"two %s lists are in force at once: since %s and since %s":                 {"dua daftar %s berlaku bersamaan: sejak %s dan sejak %s", bothListID, bothListEN},
	"no list of the law is in force after %s and before %s":                    {"tidak ada daftar berkas menurut hukum yang berlaku sesudah %s dan sebelum %s", "Mulai daftar ini (valid_from) sehari sesudah valid_to daftar sebelumnya.", "Begin this list (valid_from) on the day after valid_to of the list before it."},
	"slot %q: want small letters, digits and dashes":                           {"tempat berkas (slot) %q: pakai huruf kecil, angka dan tanda hubung", codeID, codeEN},
	"slot %s is in the list twice":                                             {"tempat berkas (slot) %s ditulis dua kali di daftar ini", removeID, removeEN},
	"document %q is not in data/dokumen.yaml":                                  {"dokumen %q tidak ada di data/dokumen.yaml", addDocID, addDocEN},
	"document %s is given twice":                                               {"dokumen %s ditulis dua kali", removeID, removeEN},
	"document %s is in no list of any claim reason":                            {"dokumen %s tidak ada di daftar berkas mana pun", "Pakai kode itu di daftar berkas sebuah sebab klaim, atau hapus dokumennya.", "Use the code in a list of a claim reason, or remove the document."},
	"question %s is asked by no claim reason":                                  {"pertanyaan %s tidak dipakai sebab klaim mana pun", "Pakai kode itu di rules atau when, atau hapus pertanyaannya.", "Use the code in rules or when, or remove the question."},
	"files %d: want 1 to 10":                                                   {"files %d: tulis 1 sampai 10", "files adalah jumlah foto yang boleh dikirim untuk berkas itu.", "files is how many photos may be sent of that document."},
	"a note needs both languages":                                              {"catatan (note) perlu dua bahasa", bothID, bothEN},
	"slot %s has a condition but is %s; want need: conditional":                {"tempat berkas %s punya syarat tetapi %s; tulis need: conditional", "Tulis need: conditional, atau hapus when bila berkas itu selalu diminta.", "Write need: conditional, or remove when if the document is always asked for."},
	"slot %s is conditional; say when":                                         {"tempat berkas %s bersyarat; tulis when", "Tulis kode pertanyaannya, misalnya when: [saldo-besar].", "Name the question, such as when: [saldo-besar]."},
	"need %q: want required, conditional or advised":                           {"need %q: pilih required, conditional atau advised", "required: wajib; conditional: bersyarat, dengan when; advised: sebaiknya ada.", "required: always; conditional: with when; advised: better to have."},
	"question %s is not a yes_no question, so it is no condition":              {"pertanyaan %s bukan jenis yes_no, jadi tidak dapat menjadi syarat", "Pakai pertanyaan dengan kind: yes_no dari data/pertanyaan.yaml.", "Use a question of kind: yes_no in data/pertanyaan.yaml."},
	"question %s has no condition text in data/pertanyaan.yaml":                {"pertanyaan %s belum punya teks condition di data/pertanyaan.yaml", bothID, bothEN},

	// Data.
	"code %q: want small letters, digits and dashes":             {"kode %q: pakai huruf kecil, angka dan tanda hubung", codeID, codeEN},
	"path %q: want one of %s":                                    {"alamat (path) %q: pilih salah satu dari %s", "Pakai alamat halaman program; halaman biasa sudah ditemukan tanpa ini.", "Use an address of the program; pages of the content are found without this."},
	"path %s is given twice":                                     {"alamat %s ditulis dua kali", removeID, removeEN},
	"code %s is given twice":                                     {"kode %s ditulis dua kali", removeID, removeEN},
	"%s needs both languages: {id: …, en: …}":                    {"%s perlu dua bahasa: {id: …, en: …}", bothID, bothEN},
	"kind %q: want date or yes_no":                               {"jenis (kind) %q: pilih date atau yes_no", "date: pertanyaan dijawab tanggal; yes_no: dijawab ya atau tidak.", "date: answered with a day; yes_no: answered yes or no."},
	"question %s of kind date is missing; every form asks it":    {"pertanyaan %s dengan kind: date belum ada; setiap formulir menanyakannya", putBackID, putBackEN},
	"the holidays are missing; offices would open on them":       {"hari libur tidak ada; kantor akan buka pada hari itu", putBackID, putBackEN},
	"the terms are missing; nothing would be explained":          {"istilah tidak ada; tidak ada yang dijelaskan", putBackID, putBackEN},
	"the consents are missing; nobody can register without them": {"persetujuan tidak ada; tanpa itu tidak seorang pun dapat mendaftar", putBackID, putBackEN},
	"a consent needs its source: law and article":                {"persetujuan perlu sumber (source): hukum dan pasal", sourceID, sourceEN},
	"holiday %s is given twice":                                  {"hari libur %s ditulis dua kali", removeID, removeEN},
	"a holiday needs its source":                                 {"hari libur perlu sumber (source)", "Tulis surat keputusan bersama atau aturannya.", "Write the joint decree or rule."},
	"a branch needs name, city and province":                     {"kantor perlu name, city dan province", "Isi ketiganya: nama kantor, kota dan provinsinya.", "Fill in all three: the office's name, its city and province."},
	"zone %q: want WIB, WITA or WIT":                             {"zona waktu %q: pilih WIB, WITA atau WIT", "WIB: Sumatra, Jawa, Kalimantan bagian barat; WITA: Bali, Nusa Tenggara, Sulawesi, Kalimantan bagian timur; WIT: Maluku, Papua.", "WIB: Sumatra, Java, western Kalimantan; WITA: Bali, Nusa Tenggara, Sulawesi, eastern Kalimantan; WIT: Maluku, Papua."},
	"source %q: want an https address":                           {"sumber %q: harus alamat https", "Tulis alamat halaman sumbernya lengkap dengan https://.", "Write the whole address of the source, with https://."},
	"a branch needs its source":                                  {"kantor perlu sumber (source)", "Tulis dari mana alamatnya diketahui.", "Write where its address is known from."},
	"the closure ends before it begins":                          {"penutupan berakhir sebelum mulai", dateID, dateEN},
	"%s is %d; want at least %d":                                 {"%s bernilai %d; paling sedikit %d", "Tulis angka yang tidak lebih kecil.", "Write a number that is not smaller."},
	"%q is no branch that can be booked, or has a door already":  {"%q bukan kantor yang dapat dipesan, atau sudah punya pintu", "Tulis kode dari kantor.yaml, satu pintu untuk satu kantor.", "Write a code from kantor.yaml, one door for a branch."},
	"%q is no time; write it as 08:00":                           {"%q bukan jam; tulis seperti 08:00", clockID, clockEN},
	"the window closes at %s of the day on which it opens at %s": {"jendela undian ditutup pukul %s pada hari yang sama saat dibuka pukul %s", "Perkecil closes_days, atau tulis closes sesudah opens.", "Make closes_days smaller, or write closes after opens."},
	"the day of offers ends at %s, not after %s":                 {"hari untuk tawaran berakhir pukul %s, tidak sesudah %s", "Tulis to lebih besar dari from, misalnya from: \"07:00\" dan to: \"21:00\".", "Write to later than from, such as from: \"07:00\" and to: \"21:00\"."},
	"reopen_at names no time":                                    {"reopen_at tidak memuat jam", "Tulis jam tempat yang dilepas dibuka lagi, misalnya [\"12:00\"].", "Write when places that were given back open again, such as [\"12:00\"]."},
	"time %q: want times like 08:00, in order":                   {"jam %q: tulis jam seperti 08:00, berurutan", clockID, clockEN},
	"%s is %d; want %d to %d":                                    {"%s bernilai %d; seharusnya %d sampai %d", rangeID, rangeEN},
	"mode %q: want first-come or ballot":                         {"mode %q: seharusnya first-come atau ballot", "first-come: siapa cepat; ballot: undian.", "first-come: who is first; ballot: by draw."},
	"%s %q: want a time such as \"08:00\"":                       {"%s %q: tulis jam seperti \"08:00\"", clockID, clockEN},
	"desk %s: %s":                                                {"meja %s: %s", "Perbaiki baris itu. Contoh: {officers: 2, places: 3, open: \"08:00\", close: \"15:00\", minutes: 60, days: [1, 2, 3, 4, 5]}.", "Mend that line. For example {officers: 2, places: 3, open: \"08:00\", close: \"15:00\", minutes: 60, days: [1, 2, 3, 4, 5]}."},
	noEntry:                                                      {"kata-kata tidak dapat dibaca: tulis kunci: {id: \"…\", en: \"…\"}", "Satu entri di satu baris. Periksa tanda kutip, koma, en: dan kurung } penutup di tempat yang ditunjuk.", "One entry on a line. Check quotes, comma, en: and the closing } at the place that is shown."},
	"the words %s are already at %s":                             {"kata-kata %s sudah ada di %s", removeID, removeEN},

	"threshold is %d; want at least 3, below which hidden numbers can be recomputed": {"ambang (threshold) %d; paling sedikit 3, di bawah itu angka yang disembunyikan dapat dihitung kembali", "Tulis threshold: 3 atau lebih, dan sumbernya di source.", "Write threshold: 3 or more, and its source in source."},
	"the threshold needs its source":                                                 {"ambang (threshold) perlu sumber (source)", sourceID, sourceEN},
	"branch %q is not in kantor.yaml":                                                {"kantor %q tidak ada di kantor.yaml", spellID, spellEN},
	"a recap needs its source":                                                       {"rekap perlu sumber (source)", whenceID, whenceEN},
	"mend_days is %d and mend_days_max %d; want at least 1, and the second not less": {"mend_days %d dan mend_days_max %d; paling sedikit 1, dan yang kedua tidak lebih kecil", "Tulis jumlah hari, misalnya mend_days: 7 dan mend_days_max: 30.", "Write numbers of days, such as mend_days: 7 and mend_days_max: 30."},
	"two_people_above is negative":                                                   {"two_people_above tidak boleh negatif", "Tulis jumlah rupiah, misalnya 50000000; 0 berarti tidak pernah.", "Write rupiah, such as 50000000; 0 means never."},
	"a rule needs its source: law and article":                                       {"aturan ini perlu sumbernya: hukum dan pasal", sourceID, sourceEN},
	"%s is %d; want 1 to %d":                                                         {"%s bernilai %d; seharusnya 1 sampai %d", rangeID, rangeEN},
	"claim reason %q: want one that a member can claim for here":                     {"sebab klaim %q: pilih yang dapat diklaim peserta di sini", "Pakai kode file di klaim/, misalnya phk, yang punya channels dan applicant: member.", "Use the code of a file in klaim/, such as phk, that has channels and applicant: member."},
	"an interview room starts with https:// and holds {room}":                        {"alamat ruang wawancara diawali https:// dan memuat {room}", "Misalnya \"https://video.contoh.go.id/{room}\". Kosongkan bila wawancara lewat WhatsApp atau telepon.", "For example \"https://video.example.go.id/{room}\". Leave it empty for interviews by WhatsApp or telephone."},
	"ground %s is of no decision; want refuse or postpone":                           {"alasan %s tidak untuk keputusan apa pun; tulis refuse: true atau postpone: true", "Tulis keputusan yang boleh memakai alasan itu: menolak, menunda, atau keduanya.", "Say which decision may use the ground: refuse, postpone, or both."},
	"the survey has %d questions; want 1 to %d":                                      {"survei punya %d pertanyaan; tulis 1 sampai %d", "Kurangi atau tambah pertanyaannya; pembaca ponsel menjawab sedikit saja.", "Take away or add questions; who reads on a phone answers few."},
	"question %s needs at least one answer that is good and one that is not":         {"pertanyaan %s perlu paling sedikit satu jawaban yang baik (good: true) dan satu yang tidak", "Tulis good: true di jawaban yang baik saja.", "Write good: true at the good answers only."},

	// Text of a page.
	"the markdown parser failed: %v":                                         {"teks ini tidak dapat diolah: %v", "Potong teksnya menjadi dua untuk menemukan baris yang salah, lalu tulis lebih sederhana.", "Cut the text in two to find the line, then write it more simply."},
	"lists, quotes or emphasis are nested too deeply":                        {"daftar, kutipan atau penekanan terlalu dalam bertumpuk", "Paling banyak beberapa tingkat; pindahkan bagian dalam ke luar.", "Use a few levels at most; move the inner part out."},
	"raw HTML is not allowed: %s":                                            {"HTML tidak boleh ditulis: %s", "Pakai markdown: **tebal**, [tautan](/alamat/), - daftar.", "Use markdown: **bold**, [link](/address/), - list."},
	"a heading has no words":                                                 {"judul bagian tidak punya kata", headingID, headingEN},
	"the title is the only heading of the first level; start with ##":        {"judul halaman adalah satu-satunya judul tingkat pertama; mulai dengan ##", headingID, headingEN},
	"heading jumps from level %d to level %d":                                {"judul melompat dari tingkat %d ke tingkat %d", headingID, headingEN},
	"headings go down to level 4":                                            {"judul paling dalam tingkat 4", headingID, headingEN},
	"link %q has no words":                                                   {"tautan %q tidak punya kata", "Tulis kata di antara kurung siku: [syarat klaim](/klaim/).", "Write words between the brackets: [claims](/klaim/)."},
	"a link has no address":                                                  {"tautan ini tidak punya alamat", "Tulis alamatnya di dalam kurung: [syarat klaim](/klaim/).", "Write the address in the brackets: [claims](/klaim/)."},
	"link %q: want https://":                                                 {"tautan %q: harus https://", "Buka alamatnya dengan https. Kalau tidak bisa, hapus tautannya: http dapat diubah orang di jalan.", "Open the address with https. If there is none, remove the link: http can be changed on its way."},
	"link %q leads out of the site: want https:, tel: or mailto:":            {"tautan %q keluar dari situs ini: pakai https:, tel: atau mailto:", "Tulis https:// dan alamat lengkapnya, tel:175, atau mailto:nama@contoh.go.id.", "Write https:// and the whole address, tel:175, or mailto:name@example.go.id."},
	"link %q: want a path of this site, with a slash before it":              {"tautan %q: tulis alamat situs ini dengan garis miring di depan", linkID, linkEN},
	"%s is shown as it stands: this is no link":                              {"%s tampil apa adanya: ini bukan tautan", "Tulis [kata](/alamat/): tanpa spasi di antara ] dan (, tanpa spasi di alamat, ditutup dengan ).", "Write [words](/address/): no space between ] and (, none in the address, and a ) at its end."},
	"%s is shown as it stands: these asterisks have no partner":              {"%s tampil apa adanya: dua bintang ini tidak punya pasangan", "Tulis **tebal**: dua bintang di depan dan di belakang kata, tanpa spasi di dalamnya. Bintang biasa ditulis \\*.", "Write **bold**: two asterisks before and after the words, with no space inside. A plain asterisk is written \\*."},
	"%s is shown as it stands: a heading has a space after #":                {"%s tampil apa adanya: judul punya spasi sesudah #", "Tulis ## Judul, bukan ##Judul.", "Write ## Heading, not ##Heading."},
	"%s is shown as it stands: an item of a list has a space after its mark": {"%s tampil apa adanya: butir daftar punya spasi sesudah tandanya", "Tulis - butir, bukan -butir. Kalau bukan daftar, tulis \\ di depan tandanya.", "Write - item, not -item. If it is no list, write a \\ before the mark."},
	"link %q: want a telephone number":                                       {"tautan %q: tulis nomor telepon", "Tulis angka saja, misalnya tel:175 atau tel:+62215207797.", "Write digits only, such as tel:175 or tel:+62215207797."},
	"link %q: want an e-mail address":                                        {"tautan %q: tulis alamat surel", "Misalnya mailto:nama@contoh.go.id.", "For example mailto:name@example.go.id."},
	"picture %q has no alternative text":                                     {"gambar %q tidak punya teks pengganti", "Tulis isi gambar di antara kurung siku: ![Contoh foto KTP](/gambar/ktp.png).", "Write what it shows between the brackets: ![Photo of an ID card](/gambar/ktp.png)."},
	"picture %q is not in the content":                                       {"gambar %q tidak ada di konten", pictureID, pictureEN},
	"the table's rule has %d cells, its head %d; they must be equal":         {"garis tabel punya %d sel, kepalanya %d; harus sama", "Samakan jumlah tanda | di kedua baris: | a | b | lalu |---|---|.", "Give both lines as many |: | a | b | and then |---|---|."},
	"the table's row has %d cells, its head %d; the rest would be lost":      {"baris tabel punya %d sel, kepalanya %d; sisanya akan hilang", "Hapus sel yang lebih, atau tambah kepala kolom. Tanda | di dalam teks ditulis \\|.", "Remove the surplus cell, or add a column head. Write a | within text as \\|."},
	"section %q is missing; a page of this kind needs it":                    {"bagian %q tidak ada; halaman jenis ini harus memilikinya", "Tambahkan baris ## dengan judul itu, lalu isinya. Daftarnya di data/bagian.yaml.", "Add a line ## with that heading, then its text. The list is in data/bagian.yaml."},
	"%s is still to be filled in":                                            {"%s masih harus diisi", "Ganti tulisan itu, tanda ‹ dan › juga. Kalau halaman belum siap terbit, tulis draft: true.", "Put your own words there, in the place of ‹ and › too. If the page is not ready, write draft: true."},
	"the page has no text":                                                   {"halaman ini tidak punya isi", "Tulis isinya di bawah baris --- yang kedua, dalam kedua bahasa.", "Write its text below the second line ---, in both languages."},
	"the page has %d sections (##), its original %d":                         {"halaman ini punya %d bagian (##), aslinya %d", "Samakan bagiannya: setiap judul ## di satu bahasa ada juga di bahasa yang lain.", "Give both the same sections: each heading ## of one language is in the other too."},
	"section %q is empty":                                                    {"bagian %q kosong", "Tulis isinya, atau hapus judulnya.", "Write its text, or remove the heading."},
	"element %d of the service standard is missing":                          {"komponen standar pelayanan ke-%d tidak ada", "Standar pelayanan punya 14 komponen (UU 25/2009 Pasal 21). Tulis masing-masing dengan element: 1 sampai 14.", "A service standard has 14 elements (UU 25/2009 article 21). Give each with element: 1 to 14."},

	// Advice.
	"a sentence of %d words; want at most %d":       {"kalimat dengan %d kata; paling banyak %d", "Bagi menjadi dua kalimat.", "Split it into two sentences."},
	"the word %q has %d syllables; want at most %d": {"kata %q punya %d suku kata; paling banyak %d", "Pakai kata yang lebih pendek, atau jelaskan di data/istilah.yaml.", "Use a shorter word, or explain it in data/istilah.yaml."},
	"this page should have been reviewed by %s":     {"halaman ini seharusnya ditinjau paling lambat %s", "Cocokkan dengan sumbernya, lalu ubah tanggal reviewed.", "Read it against its sources, then change the date reviewed."},
}

// phrases are the parts of messages in Indonesian.
var phrases = map[phrase]string{
	"leads to no page":                       "tidak menuju halaman mana pun",
	"has an anchor that is not on that page": "punya jangkar yang tidak ada di halaman itu",
	"a list":                                 "daftar", "keys with values": "kunci dengan nilai", "text": "teks", "a whole number": "bilangan bulat",
	"a number": "bilangan", "true or false": "true atau false", "nothing": "kosong", "a date": "tanggal",
	clocks:                                                          "open dan close harus jam seperti 08:00, berurutan",
	"places for each officer must be 1 to 6":                        "places untuk tiap petugas harus 1 sampai 6",
	"officers must be at least 0":                                   "officers paling sedikit 0",
	"minutes of a session must be 5 to 480":                         "minutes tiap sesi harus 5 sampai 480",
	"days must be 1 (Monday) to 7 (Sunday)":                         "days harus 1 (Senin) sampai 7 (Minggu)",
	"a break must have times like 12:00, in order, and days 1 to 7": "istirahat harus punya jam seperti 12:00, berurutan, dan hari 1 sampai 7",

	aTab:     "ada tab di tempat spasi",
	aStar:    "teks yang dimulai dengan * atau & harus dalam tanda kutip",
	noDash:   "daftar ini berlanjut tanpa tanda -",
	noIndent: "baris ini tidak lurus dengan baris sebelumnya, atau ada tulisan sesudah tanda kutip penutup",
	"a tab, @, %, or ` cannot stand here; use spaces, or put the text in quotes":                            "tab, @, % atau ` tidak boleh di sini; pakai spasi, atau tulis teksnya dalam tanda kutip",
	"there is a second colon, or the line begins too far to the right; text with a colon must be in quotes": "ada titik dua yang kedua, atau baris ini terlalu jauh ke kanan; teks yang memuat titik dua harus dalam tanda kutip",
	"a comma or the closing ] is missing":                                                                   "kurang koma atau kurung penutup ]",
	"a comma or the closing } is missing":                                                                   "kurang koma atau kurung penutup }",
	"a quote is opened and not closed":                                                                      "tanda kutip dibuka dan tidak ditutup",
	"a list with - begins on a line of its own":                                                             "daftar dengan tanda - dimulai di baris baru",
	"a colon is missing":                        "kurang titik dua",
	"a \\ within double quotes is written \\\\": "tanda \\ di dalam tanda kutip ganda ditulis \\\\",
	"a value is missing":                        "nilainya belum ditulis",
	"something stands after the end":            "ada tulisan sesudah penutupnya",
}
