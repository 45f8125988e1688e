package corpus

import "strings"

// A language has the words of the generated pages. Both have as many, so both
// draw the same numbers.
type language struct {
	indonesian bool
	vocabulary []string
	headings   []string
	anchor     string // of the second heading
}

var languages = [2]language{
	{true, strings.Fields(`air angin anak awan bahan baju bambu batu benang berkas besar biru buah buku bunga burung cahaya cepat daun desa
		dinding gambar garam gula gunung hijau hujan hutan ikan jalan jari jembatan kaca kain kaki kapal kayu kebun kecil kelapa kertas kopi
		kota kuning kursi laut lampu lantai layar lebar malam mata meja merah musik nasi padi pagi panjang pantai papan pasar pasir payung pena
		pelan pintu piring pisau pohon pulau putih roti rumah rumput sampan sawah sayur sekolah senja siang sungai surat tali taman tanah tangan
		tangga teduh teh telur tenang tepi tikar tinggi tulisan udara ujung ukuran waktu warna`),
		[]string{"Sebelum mulai", "Yang perlu dibawa", "Urutan langkah", "Setelah selesai", "Di rumah", "Di jalan"}, "yang-perlu-dibawa"},
	{false, strings.Fields(`water wind child cloud material shirt bamboo stone thread papers large blue fruit book flower bird light quick leaf village
		wall picture salt sugar mountain green rain forest fish road finger bridge glass cloth foot ship wood garden small coconut paper coffee
		town yellow chair sea lamp floor screen wide night eye table red music rice paddy morning long beach board market sand umbrella pen
		slow door plate knife tree island white bread house grass canoe field greens school dusk noon river letter rope park soil hand
		stairs shade tea egg calm edge mat tall writing air tip size time colour`),
		[]string{"Before you start", "What to bring", "Order of steps", "When you are done", "At home", "On the road"}, "what-to-bring"},
}
