"""The languages that papers are told apart by: their names, scripts, commonest words, and letters of their own.

Words are articles, prepositions, conjunctions and auxiliary verbs, of which each abstract of a language has some; a
word may be of several languages. Letters are those by which a language is told from others of its script. Of the
languages of a script the first is the one that a text without such words and letters is in, but for the Latin script.
Scripts are called as in the names of characters (Unicode Character Database, first word of ``Name``).
"""

from __future__ import annotations

from typing import NamedTuple

LATIN = "LATIN"
_TABLE = """
en|English|LATIN|the of and in to is that for with are we this by on from which be as an has have it was were these
de|German|LATIN|der die das und ist nicht mit für von den werden eine wir des dem auf sind zu wird einer als durch zur|ß
fr|French|LATIN|le la les des et est une dans pour que nous du par sur avec qui sont cette au aux ce ces en un ou ne|œ
es|Spanish|LATIN|el la los las en que una para con por del se es este como al de lo son entre su un y|ñ
pt|Portuguese|LATIN|o a os as e de que em uma para com por do da não na no dos das um como são ao foi ou ser|ãõ
it|Italian|LATIN|il la di che per con una del della gli sono dei nel un le delle in questo si come da al
nl|Dutch|LATIN|de het een en van voor met zijn dat is op in te worden deze door wordt aan bij ook niet
pl|Polish|LATIN|na do jest się że oraz dla są nie to przez od ich jako po w i z który które|łśźń
sv|Swedish|LATIN|och att en som är av för på med det den till om ett har från inte vi
da|Danish|LATIN|og at en som er af for på med det den til om et har fra ikke vi blev bliver efter mellem også
no|Norwegian|LATIN|og at en som er av for på med det den til om et har fra ikke vi ble blir etter mellom også å
fi|Finnish|LATIN|ja on että ei se ovat sekä tai kun joka jotka mutta ole voidaan tässä sen oli myös näiden
is|Icelandic|LATIN|og að er sem við með til um var eru ekki en frá þessi þetta hefur|þð
cs|Czech|LATIN|a je na se v že pro jsou z do od které který byl byla jako nebo po k o s tato této pomocí|řěů
sk|Slovak|LATIN|a je na sa v že pre sú z do od ktoré ktorý bol bola ako alebo po k o s táto tejto pomocou|ľĺŕ
hu|Hungarian|LATIN|a az és hogy egy nem is meg ez volt mint vagy ezek egyes között által alapján valamint|őű
ro|Romanian|LATIN|și şi de la în cu pe o un este care din pentru sunt că mai prin ale lui acest această|țșţ
hr|Croatian|LATIN|i je u na se da za su od koji koje s kao ne iz ili što te bi ovaj ovom kod može|đ
sl|Slovenian|LATIN|in je v na se da za so od ki s kot ne iz ali tudi pri smo z po lahko bil
sq|Albanian|LATIN|të e në dhe për me që një është nga si janë ka kjo ky u së|ë
lt|Lithuanian|LATIN|ir yra į kad iš su apie bei kaip buvo ar šio šiame tai pagal taip|ėųį
lv|Latvian|LATIN|un ir ar no par kas uz tika kā šajā pēc vai lai ka tiek arī|ķļņģ
et|Estonian|LATIN|ja on et ei see mis kui oli ning ka või selle nende poolt meie
ca|Catalan|LATIN|el la els les i de que en un una per amb del dels és són al a aquest aquesta com|ŀ
gl|Galician|LATIN|o a os as e de que en un unha para con por do da dos das é non son este ao ou ser foi máis pola polo
eu|Basque|LATIN|eta da du dira bat ez izan den duen hau honek dute baina ere beste dituen
ga|Irish|LATIN|an na agus ar is le do go sa bhí tá den leis seo mar ó atá
cy|Welsh|LATIN|y yr a yn i o ar mae bod wedi gan ei eu hyn am fel ac|ŵŷ
mt|Maltese|LATIN|li ta il u fil għal minn huwa dan din ma biex kien tal|ħġż
tr|Turkish|LATIN|ve bir bu için ile olarak da de olan çok daha en olduğu gibi|ğı
az|Azerbaijani|LATIN|və bir bu üçün ilə olaraq da də olan daha ən kimi olunur|ə
uz|Uzbek|LATIN|va bu bilan uchun bir ham qilish tomonidan boʻlgan oʻz edi
vi|Vietnamese|LATIN|và của là các có được trong cho với một những này không từ đã|ơưạảấầẩậắằặẹẻếềểễệịọỏốồổộớờởợụủứừửữự
id|Indonesian|LATIN|dan yang di dengan untuk pada dari ini dalam adalah ke oleh dapat bisa bahwa karena
ms|Malay|LATIN|dan yang di dengan untuk pada dari ini dalam adalah ke oleh dapat boleh daripada ialah kerana
tl|Filipino|LATIN|ang ng sa mga na at ay ito para hindi mula isang
sw|Swahili|LATIN|na ya wa kwa ni katika za la kuwa hii cha ambayo pia
af|Afrikaans|LATIN|die van en in het is nie wat vir met om te op word dat deur hierdie ook aan
so|Somali|LATIN|iyo ka ku oo waa in la ay uu ah soo waxa
yo|Yoruba|LATIN|ní ti àwọn ń sí tí jẹ́ láti ó|ṣ
ha|Hausa|LATIN|da a na ta shi ne ce wannan kuma don cikin|ɗɓ
eo|Esperanto|LATIN|la de kaj en al estas por kun kiu kiuj pri tiu|ĝĉŭĵŝ
ru|Russian|CYRILLIC|в и на с по для что из не при как это к был были|ыэё
uk|Ukrainian|CYRILLIC|та і в на з що для не до як це від при у є|їєґі
be|Belarusian|CYRILLIC|і ў на з што для не да як гэта ад пры|ўіыэё
bg|Bulgarian|CYRILLIC|и на за се от в с да са е които при като това по не как ще|ъ
sr|Serbian|CYRILLIC|и у је на се да за су од који као не из како смо|ђћџјљњ
mk|Macedonian|CYRILLIC|и на во се од за со да е кои што како не|ѓќѕјљњ
kk|Kazakh|CYRILLIC|және бұл үшін мен бір болып бойынша|әғқңұһіы
ky|Kyrgyz|CYRILLIC|жана бул үчүн менен бир болгон боюнча ал|ңүөы
mn|Mongolian|CYRILLIC|нь байна энэ юм болон дээр бөгөөд тухай гэж|үөыэё
tg|Tajik|CYRILLIC|ва дар аз ба ки бо барои ин аст|ҷӣӯҳғқ
tt|Tatar|CYRILLIC|һәм бу өчен белән бер да дә буенча|җәңүөһы
el|Greek|GREEK|και το της του η των με για που
ar|Arabic|ARABIC|في من على إلى أن هذا هذه التي الذي عن مع كان|ةىأإ
fa|Persian|ARABIC|در و به از که این را با است برای آن می ها|پچژگ
ur|Urdu|ARABIC|کے میں ہے کی اور سے کا کو نے اس پر ہیں|ٹڈڑےں
ps|Pashto|ARABIC|د په او چې کې دا له سره|ښځڅډړېټ
ckb|Kurdish|ARABIC|لە و بۆ کە بە ئەم لەسەر|ڕێۆڵ
ug|Uyghur|ARABIC|ۋە بۇ بىر بىلەن ئۈچۈن|ۇۈۋې
sd|Sindhi|ARABIC|جي ۾ جو کي ۽ آهي|ڻڳڪٿ
he|Hebrew|HEBREW|של את על עם זה לא הוא
yi|Yiddish|HEBREW|און דער איז פון|װײ
hi|Hindi|DEVANAGARI|के में है की से और का को यह पर ने हैं लिए
mr|Marathi|DEVANAGARI|आहे आणि या च्या हे मध्ये ते करून आहेत|ळ
ne|Nepali|DEVANAGARI|छ र को मा यो लागि गर्न छन् हो
zh|Chinese|CJK
ja|Japanese|HIRAGANA
ko|Korean|HANGUL
zh|Chinese|BOPOMOFO
ii|Yi|YI
bn|Bengali|BENGALI
as|Assamese|BENGALI||ৰৱ
pa|Punjabi|GURMUKHI
gu|Gujarati|GUJARATI
or|Odia|ORIYA
ta|Tamil|TAMIL
te|Telugu|TELUGU
kn|Kannada|KANNADA
ml|Malayalam|MALAYALAM
si|Sinhala|SINHALA
th|Thai|THAI
lo|Lao|LAO
my|Burmese|MYANMAR
km|Khmer|KHMER
bo|Tibetan|TIBETAN
mn|Mongolian|MONGOLIAN
ka|Georgian|GEORGIAN
hy|Armenian|ARMENIAN
am|Amharic|ETHIOPIC
ti|Tigrinya|ETHIOPIC|እዩ ናይ ኣብ እቲ ካብ
dv|Dhivehi|THAANA
syr|Syriac|SYRIAC
nqo|N'Ko|NKO
zgh|Tamazight|TIFINAGH
vai|Vai|VAI
bax|Bamum|BAMUM
ff|Fulah|ADLAM
chr|Cherokee|CHEROKEE
iu|Inuktitut|CANADIAN
sat|Santali|OL
mni|Meitei|MEETEI
lep|Lepcha|LEPCHA
lif|Limbu|LIMBU
ccp|Chakma|CHAKMA
jv|Javanese|JAVANESE
ban|Balinese|BALINESE
su|Sundanese|SUNDANESE
bug|Buginese|BUGINESE
cjm|Cham|CHAM
lis|Lisu|LISU
kyu|Kayah|KAYAH
khb|Tai Lü|NEW
tdd|Tai Nüa|TAI
saz|Saurashtra|SAURASHTRA
hmn|Hmong|PAHAWH
rhg|Rohingya|HANIFI
cop|Coptic|COPTIC
"""


class Language(NamedTuple):
    """A language in a script: its code (ISO 639-1, or 639-3 where it has none), its name, words and own letters."""

    code: str
    name: str
    script: str
    words: frozenset[str]
    letters: frozenset[str]


def _languages() -> tuple[Language, ...]:
    rows = ((line + "||").split("|")[:5] for line in _TABLE.strip().split("\n"))
    return tuple(
        Language(code, name, script, frozenset(words.split()), frozenset(own))
        for code, name, script, words, own in rows
    )


LANGUAGES = _languages()
NAMES = {language.code: language.name for language in LANGUAGES}
