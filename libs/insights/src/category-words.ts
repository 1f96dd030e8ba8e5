/** Words by which a statement's text is sorted. Data alone. */
import type { Category } from './category-names.ts';

/**
 * English, German, Dutch, French, Spanish, Polish, Italian, Portuguese, Nordic languages; the first category that has a word of the text decides. A star stands for
 * the rest of a word.
 */
export const rules: readonly (readonly [category: Category, words: string])[] = [
  [
    'interest',
    `finance charges, agios, debetrente, creditrente, rend pago, rendimento*, ranta, rantor, inlaningsranta, utlaningsranta, renter, juros, korko, korot, zinsertrag, zinsaufwand, sollzins, habenzins, int pd, int paid, int charged, kapitalizacja,
interest, zinsen, sollzinsen, habenzinsen, rente credit, rente debet, interets, intereses, odsetki, interessi, finance
charge`,
  ],
  [
    'fees',
    `avgift*, arsavgift, manedsgebyr, gebyr*, arskort, tarifa*, taxa manutencao, provize, poplatek, palvelumaksu, spesen, kontofuehrungspreis*, grundpreis konto, bankkosten, kosten storno*, rucklastschrift*, ruecklastschrift*, returned item, return charges, return charge, markup fee,
monthly fee, monthly charge, annual fee, annual charge, service fee, service charge, maintenance fee, maintenance
charge, overdraft fee, overdraft charge, account fee, account charge, card fee, card charge, late fee, late charge,
wire fee, wire charge, atm fee, atm charge, transaction fee, transaction charge, foreign fee, foreign charge, bank
fee, bank charge, nsf fee, nsf charge, sms fee, sms charge, arrangement fee, arrangement charge, monthly fees, monthly
charges, annual fees, annual charges, service fees, service charges, maintenance fees, maintenance charges, overdraft
fees, overdraft charges, account fees, account charges, card fees, card charges, late fees, late charges, wire fees,
wire charges, atm fees, atm charges, transaction fees, transaction charges, foreign fees, foreign charges, bank fees,
bank charges, nsf fees, nsf charges, sms fees, sms charges, arrangement fees, arrangement charges, fee, fees, non
sterling, kontofuehrung*, kontofuhrung*, kontoentgelt, entgelt*, gebuhr*, gebuehr*, kosten oranjepakket, kosten
betaalpakket, kosten rekening, frais, cotisation carte, comision*, oplata, prowizja, commission, commissioni, canone
conto, overdraft`,
  ],
  [
    'cash',
    `abm withdrawal, wdl atm, atm wdl, cash wdl, atw, nwd, kontantuttag*, bankomatuttag*, minibank*, kontanthaevning, hraveautomat, nosto, otto automaatti, saque, levantamento, disposicion efectivo, disposicion cajero, bargeldbezug, bancomat prelievo, geldmaat,
atm, cash, cashwithdrawal, cashmachine, cashpoint, cash withdrawal, cash machine, cash point, geldautomat,
bargeldauszahlung, bargeld, auszahlung, geldopname, gea, retrait, retrait dab, cajero, reintegro, bankomat, wyplata,
prelievo, withdrawal, abhebung, uttag, nwd`,
  ],
  [
    'income',
    `lonn, loen, lonoverforsel, lonutbetalning, lonkonto inbetalning, palkka, elake, elakkeet, salario, salarios, vencimento, remuneracao, remuneracion, pensione, retraite, salaerzahlung, saleerzahlung, salarzahlung, lohnzahlung, gehaltszahlung, sueldo, haberes, vyplata, mzda,
salary, payroll, wage, wages, direct dep, direct deposit, dir dep, gehalt, lohn, bezuge, salaire, paie, traitement,
nomina, wynagrodzenie, pensja, stipendio, salaris, loon, lon, pension, rentenversicherung, rente, kindergeld,
arbeitslosengeld, caf, dwp, universal credit, ssa treas, soc sec, unemployment, dividend*, benefit, benefits, hmrc
child, tax refund, kinderbijslag, toeslag*`,
  ],
  [
    'housing',
    `immobilien*, hausverwalt*, wohnbau*, vastgoed, woonstichting*, woningstichting*, inmobiliaria*, imobiliaria*, immobiliare*, foncia, nexity, realty, property mgt, property mgmt, hyresbostader, spoldzielnia mieszkaniowa,
hyra, hyresavi, bostadsratt*, husleje, husleie, faellesudgifter, vuokra, yhtiovastike, aluguel, condominio, renda casa, arriendo, najem, mietzins,
rent, miete, kaltmiete, warmmiete, hausverwaltung, wohnungsbau*, hausgeld, huur, woningcorporatie, loyer, alquiler,
comunidad propietarios, comunidad de propietarios, czynsz, affitto, landlord, letting, lettings, property management,
apartment, apartments, hoa, strata, body corporate`,
  ],
  [
    'loan',
    `financial services, toyota financial, ford credit, bildungskredit, kfw, cofidis, cetelem, sofinco, financeira, nslsc, student loan*, hypotek*, zopa, black horse,
bolan, privatlan, laneavbetalning, boliglan, studielan, csn, asuntolaina, laina, emprestimo, financiamento, prestito, rata kredytu,
loan, mortgage, hypothe*, darlehen, kredit*, tilgung, pret, credit immobilier, prestamo, hipoteca, kredyt, mutuo, emi,
student ln, navient, nelnet, klarna, affirm, afterpay, leasing, finance, lening`,
  ],
  [
    'insurance',
    `folksam, trygg hansa, lansforsakringar, if skadeforsakring, warta, huk coburg, helvetia, die mobiliar, swica, css, progressive,
forsakring*, forsikring*, vakuutus*, ubezp*, pojisten*, previdencia,
insurance, insur, assurance, assurances, versicherung*, krankenkasse, verzekering*, zorgverzekering, seguro, seguros,
mutua, mutuelle, ubezpieczeni*, assicurazion*, allianz, axa, aviva, geico, progressive, state farm, allstate, huk*,
ergo, generali, mapfre, maaf, macif, maif, pzu, lic, zilveren kruis, admiral, direct line, lemonade, techniker, aok,
barmer, life assurance`,
  ],
  [
    'utilities',
    `rogers wireless, rogers cable, rogers communications, telus, koodo, freedom mobile, claro, vivo, oi fibra, sabesp, enel, cpfl, cemig, copasa, upc, fibernet, hydro, city water, water works, telefonica, swisscom, sunrise communications, salt mobile, proximus, telenet,
elnat, elhandel, elrakning, fjernvarme, fjarrvarme, bredband, bredbaand, bredband2, telia, telenor, tele2, comviq, elisa, dna, sahko, vesihuolto, eletric*, energia*, luz, agua, aguas, canal de isabel ii, internett, stromnett, stromrechnung, bouygues telecom, electricite, electricidad, acqua, wodociagi,
electric*, energy, energie*, power, gas, water, wasser*, strom*, stadtwerke, utilit*, internet, broadband, mobile,
telecom*, telekom, wireless, vodafone, o2, t mobile, tmobile, verizon, at&t, att, comcast, xfinity, spectrum, orange,
sfr, bouygues, free mobile, free telecom, movistar, ziggo, kpn, odido, 1&1, ee, three, sky, bt, virgin media,
talktalk, british gas, octopus, eon, e on, edf, engie, iberdrola, endesa, naturgy, vattenfall, eneco, essent, nuon,
vitens, enel, pge, tauron, pgnig, agl, origin, optus, telstra, jio, airtel, bsnl, bescom, tata power, council tax,
rundfunk*, ard zdf, tv licence, tv license, sewer*, waste, abfall*, coned*, con ed, pg&e, duke, pseg, national grid,
thames, play, plus gsm, tim, fastweb, a2a, hera, recharge, phone, telefon*`,
  ],
  [
    'government',
    `skatteverket, skat, skatteetaten, skattekonto, vero, verohallinto, steueramt, seguridad social, inss, receita federal, ayto,
tax, taxes, irs, hmrc, finanzamt, steuer*, finanzkasse, bundeskasse, belastingdienst, impot, impots, dgfip, tresor
public, agencia tributaria, aeat, urzad, zus, dvla, gemeente, council, stadtkasse, ayuntamiento, urssaf, agenzia
entrate, gst, customs`,
  ],
  [
    'health',
    `planet fitness, planet fit, anytime fitness, goodlife, equinox, la fitness, nuffield, david lloyd, virgin active, multisport, clever fit, smart fit, cult fit, super pharm, shoppers drug, rite aid, duane reade, superdrug, kruidvat, etos, chemist warehouse, droga raia, drogasil, drogaraia,
apotek*, apteekki, tandlakar*, tandlaege, vardcentral, lege, lakarhus, drogaria, friskis, sats,
pharmac*, apotheke, apotheek, farmacia, apteka, drugstore, cvs, walgreens, boots, dm, rossmann, doctor, dr, arzt,
zahnarzt, dentist*, dental, hospital, clinic, klinik, medical, health*, gym, fitness, fitx, mcfit, basicfit, basic
fit, puregym, planet fitness, planet fit, anytime, urban sports, yoga, optik*, optician, physio*, huisarts, tandarts, medecin,
laboratoire`,
  ],
  [
    'groceries',
    `oxxo, 7 eleven, seven eleven, lawson, familymart, wawa, sheetz, casey s, pressbyran*, narvesen, am pm, pao de acucar, assai, loblaw*, sobeys, no frills, food basics, provigo, supermart*, more retail, hellofresh, hello fresh, gousto, marley spoon, blue apron, mindful chef, picnic, gorillas, getir, flink, winn dixie, food lion, giant eagle, meijer, h mart, sprouts, harris teeter, tops markets, hannaford, delhaize, colruyt, denner, billa, hofer, bilka, meny, s kaupat, tesco express,
livsmedel*, dagligvar*, ica, hemkop, willys, rema 1000, netto, kiwi, fotex, prisma, k market, s market, supermarkt*, supermercato, mercado, padaria, panadaria, continente, pingo doce, alimentari, alimentation, systembolaget, vinmonopolet, alko,
supermarket, supermarkt, supermarche, supermercado, grocer*, market, markt, rewe, edeka, aldi, lidl, penny, netto,
kaufland, tesco, sainsbury*, asda, morrisons, waitrose, ocado, marks & spencer, m&s, co op, coop, albert heijn, ah to
go, jumbo, plus supermarkt, dirk, carrefour, auchan, leclerc, intermarche, monoprix, franprix, casino, super u,
mercadona, dia, eroski, alcampo, consum, biedronka, zabka, kroger, safeway, publix, wholefoods, whole foods, wholefds,
trader joe, costco, walmart, wegmans, heb, h e b, woolworths, coles, iga, bigbasket, blinkit, zepto, dmart, big
bazaar, esselunga, conad, spar, migros, instacart, food, foods, bakery, backerei, baeckerei, boulangerie, panaderia,
butcher, metzgerei`,
  ],
  [
    'dining',
    `pret a manger, cafeteria, tim hortons, second cup, skipthedishes, skip the dishes, harvey s, harveys, a&w, wendy s, wendys, chick fil a, panera, taco bell, panda express, five guys, shake shack, olive garden, applebee s, applebees, ihop, popeyes, dairy queen, dishoom, wagamama, itsu, nando s, wetherspoon*, prezzo, zizzi, pizza express, vapiano, nordsee, losteria, backwerk, flunch, telepizza, pyszne, max burgers, chaayos, haldiram*, barista, cafe coffee day, outback, sweetgreen, blue bottle, peet s, peets, caribou coffee, krispy kreme, jimmy john s, jimmy johns, restaurang,
restaurang*, ravintola*, kahvila, konditori, kafe, kaffebar, krog, restaurante, lanchonete, trattoria, osteria, gelateria, pasteleria, cerveceria, taberna, tapas, espresso house, foodora, ifood, rappi, diner, brewery, brewing, steakhouse, bbq,
restaurant*, ristorante, restauracja, cafe, caffe, kaffee*, coffee*, koffie*, starbucks, costa, pret, pret a manger, mcdonald*,
burger*, kfc, subway, pizza*, pizzeria, bar, pub, bistro, brasserie, diner, grill, sushi, ramen, taco*, chipotle,
dunkin*, domino*, deliveroo, ubereats, uber eats, doordash, grubhub, justeat, just eat, lieferando, thuisbezorgd,
takeaway, swiggy, zomato, glovo, wolt, greggs, nandos, kebab, doner, imbiss, kantine, canteen, mensa, eatery, kitchen,
tavern, noodle`,
  ],
  [
    'transport',
    `sncf internet, sncf connect, sncf voyageurs, trainline, thetrainline, eurostar, obb, oebb, sbb, sbb cff ffs, sj, koleo, jakdojade, ztm, mpk, orca tap, orca card, ventra, clipper card, clipper systems, presto card, suica, pasmo, navigo, oyster, national express, greyhound, flixtrain, blablacar, petro canada, sunoco, speedway, valero, phillips 66, caltex, ampol, galp, agip, eni station, preem, okq8, jet tankstelle, ipiranga, petrobras, omv, esso express, ionity, fastned, chargepoint,
parkering*, bensin, drivmedel, kollektivtrafik, vasttrafik, skanetrafiken, ruter, gasolin*, posto, combustivel, essence, station service, carburant, carburante, estacionamento, estacionamiento, parcheggio, polttoaine, peage autoroute, trenitalia, italo,
uber, lyft, bolt, taxi, cab, ola, freenow, free now, tfl, transport, transit, metro, bus, train*, rail*, bahn,
deutsche bahn, db vertrieb, sncf, ratp, renfe, emt, ns reizigers, ns groep, ns international, ns kaartautomaat, ov chipkaart, ovpay, gvb, ret, bvg, mvg, hvv, mta, bart,
caltrain, amtrak, parking, parken, parkhaus, parkeren, fuel, petrol, gas station, shell, bp, esso, exxon*, chevron,
texaco, mobil, aral, totalenergies, total energies, total, repsol, cepsa, orlen, circle k, q8, tango, tinq,
tankstelle, toll, peaje, peage, autobahn, car wash, voi, lime, tier, bird, bike, pkp, irctc, opal, myki, indian oil,
hpcl, bharat petroleum, sixt share, miles mobility`,
  ],
  [
    'travel',
    `latam, gol linhas, azul linhas, air canada, westjet, norwegian air, sas scandinavian, transavia, tap air portugal, swiss international, finnair, emirates, qatar airways, etihad, trip com, trivago, kayak, oyo, makemy trip,
flyg, rejser, resor, vols, aerolinea*, vuelos,
airline, airlines, airways, flight, ryanair, easyjet, lufthansa, klm, air france, british airways, iberia, vueling,
delta, united, southwest, jetblue, qantas, indigo, wizz*, hotel*, airbnb, booking, expedia, hostel*, marriott, hilton,
hyatt, ibis, accor, travel, tui, flixbus, hertz, avis, europcar, enterprise rent, makemytrip, agoda`,
  ],
  [
    'entertainment',
    `google play, google youtube, google youtubepremium, youtube premium, apple com bill, amc, regal cinemas, cinemark, cineplex, cinestar, cineworld, odeon, vue bsl, vue cinemas, multikino, kinepolis, ugc, gaumont, pathe, cinesa, yelmo, hoyts, pvr, inox, cinepolis,
cines, cine, cinemas, biograf, bio, filmstaden, elokuvat, teatro, canal plus,
netflix, spotify, disney*, hulu, hbo, max, youtube*, prime video, amazon prime, amznprime, apple, itunes, audible,
deezer, dazn, paramount*, crunchyroll, twitch, steam*, playstation, xbox, nintendo, cinema, kino, theatre, theater,
museum, concert, ticket*, eventim, patreon, videoland, hotstar, now tv, sky sport, lottery, lotto, casino,
bet, bets, betting, bet365, betfair, betway, betano, betsson, kindle, sonyliv, tidal, siriusxm, peacock`,
  ],
  [
    'services',
    `die zeit, le monde, lemonde, financial times, economist, washington post, el pais, volkskrant, svenska dagbladet, dagens nyheter, repubblica, corriere, doctors without borders, medecins sans frontieres, cruz roja, red cross, croix rouge, rotes kreuz, oxfam, wwf, greenpeace, wosp, save the children,
dropbox, google, microsoft, adobe, icloud, github, openai, chatgpt, anthropic, zoom, notion, slack, canva, linkedin,
nytimes, new york times, guardian, times, zeitung, spiegel, newspaper, verlag, school, schule, university, kita,
kindergarten, tuition, nursery, childcare, creche, laundry, cleaning, barber, salon, frisor, friseur, coiffeur,
kapper, peluqueria, lawyer, notar, vpn, nordvpn, hosting, godaddy, hetzner, ionos, namecheap, subscription,
abonnement, membership, mitglied*, verein, adac, aaa, donation, spende, unicef`,
  ],
  [
    'shopping',
    `h & m, b&q, b & q, hm com, currys, mercado livre, mercadolivre, mercado libre, mercadolibre, mercadopago, magazine luiza, magalu, casas bahia, americanas, shopee, cdon, webhallen, netonnet, boulanger, darty, conforama, castorama, brico depot, brico, screwfix, wickes, toom, gamma, karwei, blokker, x kom, xkom, komputronik, media expert, pepco, vinted, depop, tk maxx, tj maxx, marshalls, old navy, macy s, macys, nordstrom, kohl s, kohls, sephora, canadian tire, myer, officeworks, big w, croma, reliance digital, lenskart, nykaa, ajio, asian paints, renner, riachuelo, dollar tree, dollar general, family dollar, dollarama, ross stores, rei, wayfair, newegg, galaxus, digitec, boozt, jysk, biltema,
klader, elgiganten, clas ohlson, apparel, clothing, electronics, boutique,
amazon, amzn, ebay, ikea, zalando, h&m, zara, c&a, primark, target, best buy, home depot, lowes, mediamarkt, media
markt, saturn, otto, decathlon, fnac, el corte ingles, bol, coolblue, action, hema, argos, john lewis, next, asos,
shein, temu, aliexpress, allegro, flipkart, myntra, etsy, kmart, bunnings, jb hi fi, bauhaus, obi, hornbach, leroy
merlin, store, shop, uniqlo, nike, adidas`,
  ],
];

/** Of a script that parts no words: parts of a regular expression. */
export const scripts: readonly (readonly [category: Category, words: string])[] = [
  ['interest', '利息|利子'],
  ['fees', '手数料|年会費|維持費'],
  ['cash', 'atm|引出|引き出し|出金|現金|キャッシング'],
  ['income', '給与|給料|賞与|ボーナス|年金|配当'],
  ['housing', '家賃|不動産|賃料|管理費|住宅公社'],
  ['loan', 'ローン|返済|奨学金|分割払'],
  ['insurance', '保険|生命|共済|損保'],
  [
    'utilities',
    '電力|電気|デンリ[ヨョ]ク|ガス|水道|スイドウ|通信|電話|ドコモ|ソフトバンク|携帯|ケイタイ|nhk|kddi|光回線',
  ],
  ['government', '税|市役所|区役所|役場|社会保険料'],
  ['health', '薬局|ドラッグ|マツモトキヨシ|ウエルシア|病院|医院|クリニック|歯科|診療|フィットネス|スポーツクラブ'],
  [
    'groceries',
    'スーパー|食品|マーケット|コンビニ|生協|コープ|青果|ベーカリー|セブン.?イレブン|ローソン|ファミリーマート|ミニストップ|西友|イトーヨーカドー|マックスバリュ|マルエツ|セイユウ|ヤオコー',
  ],
  [
    'dining',
    'レストラン|カフェ|コーヒー|珈琲|食堂|居酒屋|寿司|ラーメン|バーガー|ピザ|焼肉|喫茶|弁当|マクドナルド|スターバックス|出前|すき家|吉野家|松屋フーズ|鳥貴族|サイゼリヤ|ガスト|スシロー|くら寿司|ドトール|牛丼|うどん|スキヤ|ヨシノヤ|トリキゾク|マクドナルト|ウーバーイーツ|デマエカン',
  ],
  [
    'transport',
    '鉄道|バス|タクシー|駐車|パーキング|ガソリン|地下鉄|メトロ|高速道路|石油|交通|スイカ|suica|パスモ|ＪＲ|jr東|jr西|エネオス',
  ],
  ['travel', 'ホテル|航空|旅館|旅行|トラベル|エアライン'],
  ['entertainment', '映画|シネマ|劇場|動画|音楽|チケット|ゲーム'],
  ['services', '学校|学園|大学|塾|美容|クリーニング|保育|新聞'],
  [
    'shopping',
    '百貨店|ショップ|商店|通販|電器|カメラ|ストア|ユニクロ|無印良品|ニトリ|カインズ|楽天市場|メルカリ|アマゾン',
  ],
];
