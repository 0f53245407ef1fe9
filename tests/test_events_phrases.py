import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import lexicon
from events.edtf import YEARS, Span, parse
from events.errors import Invalid
from events.phrases import read

SAID = date(2025, 3, 12)  # a Wednesday; the phrases below are said then
REAL = Path(__file__).parents[1].with_name("shared") / "data" / "phrases" / "date_phrases.csv"

ENGLISH = """
2029 -> 2029
in 2027 -> 2027
for 2028 -> 2028
the year 2027 -> 2027
in calendar year 2027 -> 2027
2027 or 2028 -> [2027,2028]
either in 2027 or in 2028 -> [2027,2028]
2027, 2028 or 2029 -> [2027,2028,2029]
around 2027 -> 2027~
in about 2030 -> 2030~
Q2 2027 -> 2027-34
2Q27 -> 2027-34
Q1/26 -> 2026-33
2026-Q4 -> 2026-36
third quarter of 2027 -> 2027-35
3rd quarter 2026 -> 2026-35
in the final quarter of 2026 -> 2026-36
Q4 2026 or Q1 2027 -> [2026-36,2027-33]
Q2-Q3 2026 -> 2026-04/2026-09
H1 2027 -> 2027-01/2027-06
2H26 -> 2026-07/2026-12
first half of 2028 -> 2028-01/2028-06
the latter half of 2026 -> 2026-07/2026-12
second half of next year -> 2026-07/2026-12
June 2026 -> 2026-06
Jun-2026 -> 2026-06
06/2026 -> 2026-06
in September -> 2025-09
in late September -> 2025-09-20~/2025-09-30~
mid-November 2026 -> 2026-11-15~
end of May 2027 -> 2027-05-20~/2027-05-31~
spring 2027 -> 2027-21
fall of 2026 -> 2026-23
last winter -> 2024-24
winter 2027/28 -> 2027-24
late summer 2026 -> 2026-08~
early 2027 -> 2027-01~/2027-02~
mid-2028 -> 2028-06~/2028-07~
midyear -> 2025-06~/2025-07~
late 2027 -> 2027-11~/2027-12~
end-2027 -> 2027-12~
at year-end -> 2025-12~
early next year -> 2026-01~/2026-02~
by the end of next year -> ../2026-12
mid-to-late 2026 -> 2026-06~/2026-12~
early or mid 2027 -> 2027-01~/2027-06~
14 August 2026 -> 2026-08-14
August 14th, 2026 -> 2026-08-14
the 3rd of May 2027 -> 2027-05-03
on Friday, 14 March 2025 -> 2025-03-14
28/02/2026 -> 2026-02-28
2026/5/31 -> 2026-05-31
yesterday -> 2025-03-11
last Monday -> 2025-03-10
last week -> 2025-03-03/2025-03-09
this month -> 2025-03
next month -> 2025-04
last month -> 2025-02
this quarter -> 2025-33
next quarter -> 2025-34
the year after next -> 2027
this year -> 2025
next year -> 2026
from 2027 -> 2027/..
from Q3 2026 onwards -> 2026-07/..
since early 2024 -> 2024-01~/..
starting in May 2026 -> 2026-05/..
as of January 2027 -> 2027-01/..
2028 onwards -> 2028/..
2028 or later -> 2028/..
by 2030 -> ../2030
by June 2027 -> ../2027-06
by mid-2026 -> ../2026-06~
by early 2027 -> ../2027-02~
by year-end -> ../2025-12
no later than Q3 2026 -> ../2026-09
not after 2029 -> ../2029
at the latest in 2028 -> ../2028
2028 at the latest -> ../2028
up to 2031 -> ../2031
until 2029 -> ../2029
until 2030 or 2031 -> [2030,2031]
before 2027 -> ../2026
before the end of May 2026 -> ../2026-05
before Q3 2026 -> ../2026-06
ahead of summer 2026 -> ../2026-05
after 2026 -> 2027/..
after March 2026 -> 2026-04/..
after the end of 2026 -> 2027-01/..
not before May 2026 -> 2026-05/..
not until 2029 -> 2029/..
2028 at the earliest -> 2028/..
no earlier than the second half of 2026 -> 2026-07/..
on or after 1 July 2026 -> 2026-07-01/..
as early as 2027 -> 2027/..
as early as 2027 or 2028 -> [2027,2028]
already in 2019 -> 2019
between 2027 and 2029 -> 2027/2029
between June and August -> 2025-06/2025-08
between Q4 2026 and Q2 2027 -> 2026-10/2027-06
between November and February 2027 -> 2026-11/2027-02
from 2026 to 2030 -> 2026/2030
2026-2030 -> 2026/2030
2026/30 -> 2026/2030
from early 2026 to late 2027 -> 2026-01~/2027-12~
late 2026 or early 2027 -> 2026-11~/2027-02~
end of 2026/beginning of 2027 -> 2026-12~/2027-02~
within three years -> 2025-03/2028-03
within 18 months -> 2025-03/2026-09
within ten days -> 2025-03-12/2025-03-22
within a decade -> 2025-03/2035-03
in three years -> 2028-03~
in two to three years -> 2027-03~/2028-03~
in 6 months -> 2025-09~
in a week's time -> 2025-03-19~
three years from now -> 2028-03~
five years ago -> 2020-03~
three months ago -> 2024-12~
two days ago -> 2025-03-10
over the next five years -> 2025-03/2030-03
in the next 90 days -> 2025-03-12/2025-06-10
over the past two years -> 2023-03/2025-03
in the coming weeks -> 2025-03/2025-05~
a matter of weeks -> 2025-03/2025-05~
later this year -> 2025-03/2025-12
earlier this year -> 2025-01/2025-03
in the 2040s -> 204X
late 2030s -> 2037~/2039~
first half of the 2030s -> 2030/2034
by the end of the decade -> ../2030-12
towards the end of the decade -> 2029~/2030~
next decade -> 203X
first week of May 2026 -> 2026-05-04/2026-05-10
last week of August -> 2025-08-25/2025-08-31
calendar week 14 of 2026 -> 2026-03-30/2026-04-05
the first nine months of 2026 -> 2026-01/2026-09
last two months of the year -> 2025-11/2025-12
second half of May 2026 -> 2026-05-16/2026-05-31
not before 2027 and no later than 2029 -> 2027/2029
2027 at the earliest and 2029 at the latest -> 2027/2029
2027 or, at the latest, 2029 -> 2027/2029
in the years 2026 to 2028 -> 2026/2028
next year's third quarter -> 2026-35
first or second quarter of 2027 -> [2027-33,2027-34]
by September or, at the latest, early 2026 -> 2025-03/2026-02~
production expected to start in 2027 -> 2027
could begin in H2 2026 -> 2026-07/2026-12
scheduled for March 2026 -> 2026-03
at the turn of the year 2026/27 -> 2026-12~/2027-02~
"""
ITALIAN = """
nel 2028 -> 2028
nell'anno 2028 -> 2028
dal 2027 -> 2027/..
a partire da giugno 2026 -> 2026-06/..
entro il 2029 -> ../2029
entro giugno -> ../2025-06
entro l'anno -> ../2025
entro la fine dell'anno prossimo -> ../2026-12
non oltre il 2029 -> ../2029
al più tardi nel 2029 -> ../2029
al più presto nel 2029 -> 2029/..
non prima della fine del 2026 -> 2026-12~/..
dall'1 giugno 2026 -> 2026-06-01/..
nel biennio 2026-2027 -> 2026/2027
non prima di giugno 2026 -> 2026-06/..
prima del 2029 -> ../2028
prima dell'estate 2026 -> ../2026-05
prima della fine del 2027 -> ../2027-12
dopo il 2029 -> 2030/..
fino al 2031 -> ../2031
fino al 2031 o 2032 -> [2031,2032]
tra il 2027 e il 2029 -> 2027/2029
tra maggio e luglio 2026 -> 2026-05/2026-07
dal 2026 al 2030 -> 2026/2030
nel 2028 oppure nel 2029 -> [2028,2029]
a inizio 2027 -> 2027-01~/2027-02~
a metà 2027 -> 2027-06~/2027-07~
a fine 2027 -> 2027-12~
verso la fine del 2027 -> 2027-12~
nella prima metà del 2027 -> 2027-01/2027-06
nel secondo semestre del 2027 -> 2027-07/2027-12
nel terzo trimestre -> 2025-35
nel IV trimestre 2026 -> 2026-36
nell'ultimo trimestre del 2026 -> 2026-36
2° trimestre 2026 -> 2026-34
in primavera -> 2025-21
nell'autunno del 2026 -> 2026-23
lo scorso autunno -> 2024-23
la prossima estate -> 2025-22
a ottobre -> 2025-10
da metà ottobre -> 2025-10-15~/..
a fine novembre 2026 -> 2026-11-20~/2026-11-30~
il 14 agosto 2026 -> 2026-08-14
primo maggio 2026 -> 2026-05-01
venerdì scorso -> 2025-03-07
il mese scorso -> 2025-02
la settimana prossima -> 2025-03-17/2025-03-23
l'anno prossimo -> 2026
il prossimo anno -> 2026
a inizio del prossimo anno -> 2026-01~/2026-02~
quest'anno -> 2025
l'altro ieri -> 2025-03-10
entro tre anni -> 2025-03/2028-03
tra tre anni -> 2028-03~
fra sei mesi -> 2025-09~
nei prossimi tre anni -> 2025-03/2028-03
nei prossimi diciotto mesi -> 2025-03/2026-09
nel giro di due anni -> 2025-03/2027-03
tre anni fa -> 2022-03~
negli ultimi tre anni -> 2022-03/2025-03
nelle prossime settimane -> 2025-03/2025-05~
questione di settimane -> 2025-03/2025-05~
entro la fine del decennio -> ../2030-12
negli anni 2030 -> 203X
nei primi nove mesi del 2026 -> 2026-01/2026-09
a cavallo tra il 2026 e il 2027 -> 2026-12~/2027-02~
fine 2026 o inizio 2027 -> 2026-12~/2027-02~
già nel 2028 -> 2028/..
prevista per il 2028 -> 2028
potrebbe iniziare a fine 2027 -> 2027-12~
intorno al 2028 -> 2028~
2028 o più tardi -> 2028/..
prima settimana di maggio 2026 -> 2026-05-04/2026-05-10
da qui al 2030 -> ../2030
"""
GERMAN = """
im Jahr 2028 -> 2028
ab 2027 -> 2027/..
ab Juni 2026 -> 2026-06/..
bis 2029 -> ../2029
bis Ende 2029 -> ../2029-12
bis Mitte 2026 -> ../2026-06~
bis Jahresende -> ../2025-12
spätestens 2029 -> ../2029
spätestens im Mai 2026 -> ../2026-05
frühestens 2029 -> 2029/..
frühestens ab Mai 2026 -> 2026-05/..
nicht vor 2029 -> 2029/..
vor 2029 -> ../2028
noch vor Ende 2027 -> ../2027-12
vor dem Sommer 2026 -> ../2026-05
nach 2029 -> 2030/..
zwischen 2027 und 2029 -> 2027/2029
zwischen Mai und Juli 2026 -> 2026-05/2026-07
von 2026 bis 2030 -> 2026/2030
2027 oder 2028 -> [2027,2028]
Anfang 2027 -> 2027-01~/2027-02~
Mitte 2027 -> 2027-06~/2027-07~
Ende 2027 -> 2027-12~
gegen Ende 2027 -> 2027-12~
Anfang nächsten Jahres -> 2026-01~/2026-02~
Ende kommenden Jahres -> 2026-12~
im ersten Halbjahr 2027 -> 2027-01/2027-06
in der zweiten Jahreshälfte -> 2025-07/2025-12
zweite Hälfte 2027 -> 2027-07/2027-12
im dritten Quartal -> 2025-35
4. Quartal 2026 -> 2026-36
im letzten Quartal 2026 -> 2026-36
im Frühjahr 2026 -> 2026-21
im Herbst -> 2025-23
Spätsommer 2026 -> 2026-08~
kommenden Sommer -> 2025-22
im Oktober -> 2025-10
Mitte Oktober -> 2025-10-15~
Ende November 2026 -> 2026-11-20~/2026-11-30~
14. August 2026 -> 2026-08-14
am 28.02.2026 -> 2026-02-28
letzten Freitag -> 2025-03-07
vergangene Woche -> 2025-03-03/2025-03-09
nächsten Monat -> 2025-04
nächstes Jahr -> 2026
im vergangenen Jahr -> 2024
übernächstes Jahr -> 2027
vorgestern -> 2025-03-10
heuer -> 2025
in drei Jahren -> 2028-03~
innerhalb von drei Jahren -> 2025-03/2028-03
binnen 18 Monaten -> 2025-03/2026-09
in den kommenden drei Jahren -> 2025-03/2028-03
vor drei Jahren -> 2022-03~
in zwei bis drei Jahren -> 2027-03~/2028-03~
in den nächsten Wochen -> 2025-03/2025-05~
bis zum Ende des Jahrzehnts -> ../2030-12
in den 2030er Jahren -> 203X
frühestens 2027, spätestens 2029 -> 2027/2029
entweder 2027 oder 2028 -> [2027,2028]
in den ersten neun Monaten 2026 -> 2026-01/2026-09
KW 14 2026 -> 2026-03-30/2026-04-05
zweite Maihälfte 2026 -> 2026-05-16/2026-05-31
Ende 2026 oder Anfang 2027 -> 2026-12~/2027-02~
bereits 2028 -> 2028/..
voraussichtlich 2028 -> 2028
um 2028 -> 2028~
2028 oder später -> 2028/..
Anfang Maerz 2026 -> 2026-03-01~/2026-03-10~
"""
FRENCH = """
en 2028 -> 2028
dès 2027 -> 2027/..
à partir de juin 2026 -> 2026-06/..
d'ici 2029 -> ../2029
d'ici fin 2027 -> ../2027-12
d'ici trois ans -> 2025-03/2028-03
d'ici la fin de la décennie -> ../2030-12
au plus tard en 2029 -> ../2029
au plus tôt en 2029 -> 2029/..
pas avant mai 2026 -> 2026-05/..
avant 2029 -> ../2028
avant l'été 2026 -> ../2026-05
avant fin 2027 -> ../2027-12
après 2029 -> 2030/..
jusqu'en 2031 -> ../2031
entre 2027 et 2029 -> 2027/2029
entre mai et juillet 2026 -> 2026-05/2026-07
de 2026 à 2030 -> 2026/2030
2027 ou 2028 -> [2027,2028]
début 2027 -> 2027-01~/2027-02~
mi-2027 -> 2027-06~/2027-07~
fin 2027 -> 2027-12~
vers la fin de 2027 -> 2027-12~
début de l'année prochaine -> 2026-01~/2026-02~
au premier semestre 2027 -> 2027-01/2027-06
au second semestre -> 2025-07/2025-12
deuxième moitié de 2027 -> 2027-07/2027-12
au troisième trimestre -> 2025-35
T4 2026 -> 2026-36
au dernier trimestre 2026 -> 2026-36
au printemps 2026 -> 2026-21
à l'automne -> 2025-23
l'été dernier -> 2024-22
l'été prochain -> 2025-22
en octobre -> 2025-10
mi-octobre -> 2025-10-15~
fin novembre 2026 -> 2026-11-20~/2026-11-30~
1er mai 2026 -> 2026-05-01
le 14 août 2026 -> 2026-08-14
vendredi dernier -> 2025-03-07
la semaine prochaine -> 2025-03-17/2025-03-23
le mois dernier -> 2025-02
l'an prochain -> 2026
l'année dernière -> 2024
avant-hier -> 2025-03-10
dans trois ans -> 2028-03~
dans les trois ans -> 2025-03/2028-03
dans les trois prochaines années -> 2025-03/2028-03
il y a trois ans -> 2022-03~
dans deux à trois ans -> 2027-03~/2028-03~
dans les prochaines semaines -> 2025-03/2025-05~
dans les années 2030 -> 203X
les six premiers mois de 2026 -> 2026-01/2026-06
première quinzaine de mai 2026 -> 2026-05-01/2026-05-15
à cheval sur 2026 et 2027 -> 2026-12~/2027-02~
fin 2026 ou début 2027 -> 2026-12~/2027-02~
courant 2027 -> 2027
prévue pour 2028 -> 2028
à l'horizon 2030 -> ../2030
2028 ou plus tard -> 2028/..
"""
SPANISH = """
en 2028 -> 2028
desde 2027 -> 2027/..
a partir de junio de 2026 -> 2026-06/..
para 2029 -> ../2029
antes de 2029 -> ../2028
antes de fin de año -> ../2025-12
antes del verano de 2026 -> ../2026-05
a más tardar en 2029 -> ../2029
como pronto en 2029 -> 2029/..
no antes de mayo de 2026 -> 2026-05/..
después de 2029 -> 2030/..
hasta 2031 -> ../2031
entre 2027 y 2029 -> 2027/2029
entre mayo y julio de 2026 -> 2026-05/2026-07
de 2026 a 2030 -> 2026/2030
2027 o 2028 -> [2027,2028]
a principios de 2027 -> 2027-01~/2027-02~
a mediados de 2027 -> 2027-06~/2027-07~
a finales de 2027 -> 2027-12~
hacia finales de 2027 -> 2027-12~
a principios del próximo año -> 2026-01~/2026-02~
primer semestre de 2027 -> 2027-01/2027-06
en el segundo semestre -> 2025-07/2025-12
la segunda mitad de 2027 -> 2027-07/2027-12
en el tercer trimestre -> 2025-35
4T26 -> 2026-36
último trimestre de 2026 -> 2026-36
en primavera -> 2025-21
el próximo verano -> 2025-22
en octubre -> 2025-10
mediados de octubre -> 2025-10-15~
a finales de noviembre de 2026 -> 2026-11-20~/2026-11-30~
1 de mayo de 2026 -> 2026-05-01
el 14 de agosto de 2026 -> 2026-08-14
el viernes pasado -> 2025-03-07
la semana que viene -> 2025-03-17/2025-03-23
el mes pasado -> 2025-02
el año que viene -> 2026
el año pasado -> 2024
anteayer -> 2025-03-10
dentro de tres años -> 2028-03~
en el plazo de tres años -> 2025-03/2028-03
en los próximos tres años -> 2025-03/2028-03
hace tres años -> 2022-03~
en las próximas semanas -> 2025-03/2025-05~
cuestión de semanas -> 2025-03/2025-05~
a finales de la década -> 2029~/2030~
en la década de 2030 -> 203X
los seis primeros meses de 2026 -> 2026-01/2026-06
segunda quincena de mayo de 2026 -> 2026-05-16/2026-05-31
finales de 2026 o principios de 2027 -> 2026-12~/2027-02~
ya en 2028 -> 2028/..
previsto para 2028 -> 2028
alrededor de 2028 -> 2028~
2028 o más tarde -> 2028/..
de 2028 en adelante -> 2028/..
"""
POLISH = """
w 2028 roku -> 2028
2028 r. -> 2028
od 2027 -> 2027/..
od czerwca 2026 -> 2026-06/..
do 2029 r. -> ../2029
do końca 2027 -> ../2027-12
do końca roku -> ../2025-12
do końca dekady -> ../2030-12
najpóźniej w 2029 -> ../2029
najwcześniej w 2029 roku -> 2029/..
nie wcześniej niż w maju 2026 -> 2026-05/..
nie później niż w maju 2026 -> ../2026-05
przed 2029 rokiem -> ../2028
przed końcem 2027 -> ../2027-12
po 2029 -> 2030/..
między 2027 a 2029 -> 2027/2029
od maja do lipca 2026 -> 2026-05/2026-07
w latach 2026-2030 -> 2026/2030
w 2027 lub 2028 -> [2027,2028]
na początku 2027 -> 2027-01~/2027-02~
w połowie 2027 roku -> 2027-06~/2027-07~
pod koniec 2027 -> 2027-12~
na początku przyszłego roku -> 2026-01~/2026-02~
w pierwszym półroczu 2027 -> 2027-01/2027-06
w drugiej połowie roku -> 2025-07/2025-12
druga połowa 2027 -> 2027-07/2027-12
w trzecim kwartale -> 2025-35
IV kwartał 2026 -> 2026-36
w 3 kwartale 2026 -> 2026-35
wiosną 2026 -> 2026-21
jesienią -> 2025-23
latem 2026 -> 2026-22
koniec lata 2026 -> 2026-08~
w październiku -> 2025-10
w połowie października -> 2025-10-15~
pod koniec listopada 2026 -> 2026-11-20~/2026-11-30~
14 sierpnia 2026 r. -> 2026-08-14
w zeszły piątek -> 2025-03-07
w przyszłym tygodniu -> 2025-03-17/2025-03-23
w ubiegłym miesiącu -> 2025-02
w przyszłym roku -> 2026
w zeszłym roku -> 2024
przedwczoraj -> 2025-03-10
za trzy lata -> 2028-03~
za rok -> 2026-03~
w ciągu trzech lat -> 2025-03/2028-03
w najbliższych trzech latach -> 2025-03/2028-03
trzy lata temu -> 2022-03~
w najbliższych tygodniach -> 2025-03/2025-05~
na przełomie 2026 i 2027 -> 2026-12~/2027-02~
na przełomie maja i czerwca 2026 -> 2026-05-20~/2026-06-10~
w drugim tygodniu maja 2026 -> 2026-05-11/2026-05-17
już w 2028 -> 2028/..
planowana na 2028 -> 2028
około 2028 -> 2028~
2028 lub później -> 2028/..
br. -> 2025
do końca maja br. -> ../2025-05
"""

REFUSED = """
very soon
sometime soon
soon
shortly
as soon as possible
in due course
someday
eventually
any time now
immediately
tbd
to be announced
never
no date
unknown
51 %
51%
150,000
150.000
150 000 cars
1.6 billion
2026 units
2026 jobs in 2 plants
model 2026 line 3
line 2026
hall 2026 in Turin
flight 2026
in 2026 or so many
2026 and a half
2026 and counting
end of the line
end of production
start of the art
03/04/2026
3.4.2026
1-2-2026
25/04/26
12/13/14
Q5 2026
Q0 2026
H3 2026
fifth quarter of 2026
third half of 2026
31 February 2026
30 February 2027
29 February 2027
31 June 2026
32 May 2026
0 May 2026
Wednesday 14 March 2025
2026-02-30
2026-13
2027/2026
2028-2026
between 2028 and 2026
from 2027 to 2026
between 2026 and 2026
June 26
Sep 27
2026-27
2024-25
2023-24
2009/10
2026/7
on Thursday
next Thursday
this Friday
next June
next summer
the last quarter
in the next year
within the year
over the coming year
in the next decade
in the coming months
in a few months
within a few years
a few years ago
two years
for two years
after two years
two years later
two years before the launch
since two weeks
every year
annually in May
twice in 2026
fiscal 2026
FY2026
fiscal year 2026
model year 2027
not in 2026
no longer in 2026
hardly in 2026
never before 2026 and always
unless 2026
not 2026
2026 not
if approved in 2026
cancelled from 2026
2026 at 14:00
12:30
2026-07-01T10:00
in 20226
in 26
in 226
year 26
the 1930s and 2030s
in '30s
1600
by 1500
in 3000
in year two
20262027
2026x
2026a
x2026
q32
2.5 years
in 2.5 years
one and a half years
about half
first quarter or so
2026, 2027
2026 2027
2026 or
or 2027
between 2026
from
by
by the
until further notice
the end
early
mid
half of 2026
quarter of 2026
the third
third
12
12th
Mr May
lata
molto presto
a breve
prossimamente
nei prossimi mesi
nei primi mesi del 2026
tra qualche anno
nel prossimo anno
non nel 2026
non prima
dopo due anni
almeno fino al 2032
negli anni trenta
esercizio 2026
ultimo trimestre
circa 2026 unità
bald
demnächst
in Kürze
in den nächsten Monaten
nicht 2026
kaum vor dem Jahr
am Donnerstag
nächsten Donnerstag
Geschäftsjahr 2026
51 Prozent
seit zwei Jahren
bientôt
prochainement
dans les prochains mois
dans plus de deux ans
pas en 2026
à la rentrée
exercice 2026
au dernier trimestre
muy pronto
comenzará en breve
próximamente
en los próximos meses
no en 2026
nunca
mañana
ejercicio 2026
sin fecha
wkrótce
niebawem
w najbliższych miesiącach
nie w 2026
w czwartek
w przyszły czwartek
w latach 30.
w ostatnim kwartale
rok obrotowy 2026
two thousand and twenty-six
twenty twenty-six
MMXXVI
the year after
the year before
the following year
same year
a year
"""
LANGUAGES = (ENGLISH, ITALIAN, GERMAN, FRENCH, SPANISH, POLISH)
READINGS = [
    tuple(line.split(" -> "))
    for language in LANGUAGES
    for line in language.strip().splitlines()
]


@pytest.mark.parametrize(("words", "edtf"), READINGS)
def test_a_phrase_is_read(words: str, edtf: str) -> None:
    assert read(words, published=SAID).edtf == edtf


@pytest.mark.parametrize("words", REFUSED.strip().splitlines())
def test_what_names_no_one_date_is_refused(words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(words, published=SAID)

    assert str(refused.value).startswith(f'"{words}" ')
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "words",
    [
        "\u0662\u0660\u0662\u0666",
        "in \uff12\uff10\uff12\uff16",
        "\xbd 2026",
        "\u2162 quarter 2026",
    ],
)
def test_figures_of_other_scripts_are_refused(words: str) -> None:
    with pytest.raises(Invalid, match="names no date"):
        read(words, published=SAID)


@pytest.mark.parametrize(
    ("words", "published", "edtf"),
    [
        ("entro l'anno", "2024-06", "../2024"),
        ("within two years", "2024-02-20", "2024-02/2026-02"),
        ("within two years", "2024-02", "2024-02/2026-02"),
        ("in six months", "2023-09", "2024-03~"),
        ("a few weeks", "2023-11", "2023-11/2024-01~"),
        ("within thirty days", "2024-02-20", "2024-02-20/2024-03-21"),
        ("in September", "2025-09-30", "2025-09"),
        ("in September", "2025-11-02", "2026-09"),
        ("in winter", "2026-01-07", "2025-24"),
        ("next summer", "2025-10-01", "2026-22"),
        ("next March", "2025-11-01", "2026-03"),
        ("last June", "2025-11-01", "2025-06"),
        ("last December", "2026-01-10", "2025-12"),
        ("this winter", "2026-01-10", "2025-24"),
        ("this winter", "2025-11-10", "2025-24"),
        ("last Monday", "2025-03-10", "2025-03-03"),
        ("by the end of the decade", "2029-01-01", "../2030-12"),
        ("by the end of the decade", "2031-01-01", "../2040-12"),
        ("zum Jahreswechsel", "2025-10-01", "2025-12~/2026-02~"),
        ("between late November and early January", "2025-10-01", "2025-11-20~/2026-01-10~"),
        ("first week of June", "2027-03-01", "2027-05-31/2027-06-06"),
        ("between December and February", "2025-10-01", "2025-12/2026-02"),
        ("by May or, at the latest, in July", "2025-03-12", "2025-03/2025-07"),
    ],
)
def test_relative_words_count_from_publication(words: str, published: str, edtf: str) -> None:
    assert read(words, published=parse(published)).edtf == edtf


@pytest.mark.parametrize(
    ("words", "published", "reason"),
    [
        ("last year", None, "give the day of publication"),
        ("in September", None, "give the day of publication"),
        ("within two years", "2024", "give the day or month of publication"),
        ("last year", "2024-01/..", "give the day or month of publication"),
        ("yesterday", "2024-02", "not only its month"),
        ("last week", "2024-02", "not only its month"),
        ("next summer", "2026-01-07", "this year's or next year's"),
        ("next June", "2025-03-12", "this year's or next year's"),
        ("in September", "2025-10-05", "leaves the year open"),
        ("on 5 July", "2026-07-07", "leaves the year open"),
        ("mid-March", "2025-03-20", "leaves the year open"),
        ("in Q1", "2025-04-01", "leaves the year open"),
        ("in the first half", "2025-09-01", "leaves the year open"),
        ("before the summer", "2025-07-01", "this year's or next year's"),
        ("from September to 2028", "2025-03-12", "leaves the year open"),
        ("at the beginning of the year", "2025-11-05", "this year's or next year's"),
        ("by the end of the decade", "2030-05-01", "names no stretch"),
        ("in 999 decades", "2025-03-12", "too far away"),
    ],
)
def test_what_publication_leaves_open_is_refused_with_the_mend(
    words: str, published: str | None, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        read(words, published=parse(published) if published else None)


def test_the_refusal_shows_what_can_be_written() -> None:
    with pytest.raises(Invalid) as refused:
        read("sometime soon", published=SAID)

    assert str(refused.value) == (
        '"sometime soon" names no date. Write 2026, "2026 or 2027", "H2 2026", 2026-Q3, '
        '"by 2030" or EDTF.'
    )


def test_a_day_that_may_be_two_is_refused_with_both() -> None:
    with pytest.raises(Invalid, match="is ambiguous: write 2026-04-03 or 2026-03-04"):
        read("by 03/04/2026", published=SAID)


@pytest.mark.parametrize(
    "words",
    [
        "FROM AUTUMN 2026",
        "From\u00a0autumn  2026",
        "\u201cfrom autumn 2026\u201d",
        "from autumn 2026.",
    ],
)
def test_case_blanks_and_quotes_do_not_matter(words: str) -> None:
    assert read(words, published=None).edtf == "2026-09/.."


@pytest.mark.parametrize(
    ("typographic", "plain"),
    [
        ("dall\u2019autunno 2026", "dall'autunno 2026"),
        ("été 2026", "ete 2026"),
        ("na początku 2026", "na poczatku 2026"),
        ("im Frühjahr 2026", "im Fruehjahr 2026"),
        ("2026\u20132028", "2026-2028"),
        ("año 2026", "ano 2026"),
    ],
)
def test_accents_and_typographic_signs_are_optional(typographic: str, plain: str) -> None:
    assert read(typographic, published=SAID) == read(plain, published=SAID)


def reading(words: str, published: date | None = SAID) -> Span | None:
    try:
        return read(words, published=published)
    except Invalid:
        return None


@given(
    known=st.sampled_from(READINGS),
    word=st.text("bcdfghkmpqvxz", min_size=4, max_size=9),
    before=st.booleans(),
)
def test_an_unknown_word_more_makes_a_phrase_refused(
    known: tuple[str, str], word: str, *, before: bool
) -> None:
    words = f"{word} {known[0]}" if before else f"{known[0]} {word}"

    assert reading(words) is None


@given(st.sampled_from(READINGS))
def test_a_reading_reads_as_itself(known: tuple[str, str]) -> None:
    span = read(known[1], published=None)

    assert span == parse(known[1]) == read(known[0], published=SAID)


def forms(without: set[str]) -> list[str]:
    return sorted(
        {
            " ".join(form)
            for language in lexicon.languages()
            for form, roles in language.forms.items()
            if not any(role.kind in without or role.value == "decade" for role in roles)
        }
    )


SCRAPS = st.lists(
    st.sampled_from(forms(without={"count"}))
    | st.sampled_from(["2026", "2027", "Q3", "2", "-", "/", ","]),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(SCRAPS)
def test_words_at_random_name_no_year_far_from_the_ones_said(words: str) -> None:
    span = reading(words)

    if span:
        assert not (span.earliest and span.latest) or span.earliest <= span.latest
        assert parse(span.edtf) == span
        assert all(
            day is None or SAID.year - 3 <= day.year <= 2027 + 2
            for day in (span.earliest, span.latest)
        )


@given(SCRAPS.filter(lambda words: not any(sign.isdecimal() for sign in words)))
def test_without_publication_words_without_a_year_name_no_date(words: str) -> None:
    assert reading(words, None) is None


@given(st.text() | st.text(alphabet="0123456789-/.~XQH' ,andorbyi", max_size=25))
def test_any_text_is_read_or_refused(words: str) -> None:
    span = reading(words)

    assert span is None or all(
        day is None or day.year in YEARS for day in (span.earliest, span.latest)
    )


@pytest.mark.skipif(not REAL.exists(), reason="the real phrases lie outside the repository")
def test_real_phrases_are_read_as_people_read_them() -> None:
    with REAL.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    readings = {row["phrase"]: span.edtf if (span := said(row)) else "REFUSE" for row in rows}

    assert readings == {row["phrase"]: row["reading_edtf"] for row in rows}


def said(row: dict[str, str]) -> Span | None:
    try:
        return read(row["phrase"], published=parse(row["published"]))
    except Invalid:
        return None
