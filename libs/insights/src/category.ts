/** What a transaction was for: the provider's word where it gives one, else the bank's codes, else a few transparent rules on words. */

import type { Transaction } from '@quartersec/validation';
import { categories } from './category-names.ts';
import { counterpartyOf } from './counterparty.ts';
import { mayBePerson, namesInstitution } from './names.ts';
import { plainText } from './statement-text.ts';
import type { Category, Movement } from './view.ts';

export type CategoryReading = Pick<Movement, 'category' | 'isForeign' | 'isTransferLike'>;

export function categoryOf(transaction: Transaction): CategoryReading {
  const { category, bankTransactionCode, merchantCategoryCode, amount } = transaction;
  const words = readWords(textOf(transaction));
  const provided = providedCategory(category);
  const told = provided ?? codeCategory(bankTransactionCode) ?? merchantCategory(merchantCategoryCode);
  const detailed = category === null ? '' : category.detailed.toUpperCase();
  const saysTransfer = provided === 'transfer' ? OWN_TRANSFER.test(detailed) : words.isTransferLike;
  return {
    category: told ?? (words.isTransferLike ? 'transfer' : wordsCategory(words, transaction)),
    isForeign:
      FOREIGN_FEE.test(detailed) || words.isForeign || (words.shown !== undefined && words.shown !== amount.currency),
    isTransferLike: saysTransfer || isBookTransfer(bankTransactionCode),
  };
}

const FOREIGN_FEE = /FOREIGN_TRANSACTION|INTERNATIONAL_TRANSACTION/;
const OWN_TRANSFER = /ACCOUNT_TRANSFER|SAVINGS|INVESTMENT|CREDIT_CARD_PAYMENT|^TRANSFER_(?:IN|OUT)(?:_OTHER.*)?$/;

function wordsCategory(words: WordReading, transaction: Transaction): Category {
  const isIn = !transaction.amount.minor.startsWith('-');
  const category = ruleCategory(words, isIn);
  // People have the names of shops: Robin Costa is no cafe, and nobody wires money to one.
  const isWired = SHOPS.has(category) && (WIRE.test(words.plain) || (isIn && WIRE_IN.test(words.plain)));
  if (isWired) return mayBePerson(counterpartyOf(transaction).label) ? 'transfer' : category;
  if (category !== 'transfer' || isIn || !TILL.test(words.plain)) return category;
  // By the same way people pay each other, and at the till: who is no person sells something.
  const { label } = counterpartyOf(transaction);
  return label === null || mayBePerson(label) || namesInstitution(label) ? category : 'other';
}

const SHOPS: ReadonlySet<Category> = new Set<Category>([
  'groceries',
  'dining',
  'shopping',
  'transport',
  'travel',
  'entertainment',
]);
const WIRE =
  /\b(?:transfer|tfr|xfer|e-?transfer|zelle|venmo|ueberweisung|uberweisung|dauerauftrag|overboeking|overschrijving|tikkie|virement|vir|transferencia|traspaso|bizum|przelew|bonifico|giroconto|standing order|faster payment|osko|payid|swish|vipps|twint|fpo|fpi)\b/;
/** Shops are paid so too, but nobody is paid so by one. */
const WIRE_IN = /\b(?:pix|upi|imps|neft|rtgs|fps|interac)\b/;

/** Paid so at tills more often than between people. */
const TILL = /^upi\b|\bpix qr/;

function textOf({ merchantName, counterpartyName, description, remittance }: Transaction): string {
  let text = description ?? '';
  if (merchantName !== null) text += ` ${merchantName}`;
  if (counterpartyName !== null) text += ` ${counterpartyName}`;
  for (const line of remittance) text += ` ${line}`;
  return text.slice(0, MOST_CHARS);
}

/** By the beginning of the provider's words, those that say more first. */
const providerWords: readonly (readonly [prefix: string, category: Category])[] = [
  ['INCOME_INTEREST_EARNED', 'interest'],
  ['INCOME', 'income'],
  ['TRANSFER_IN_CASH_ADVANCES', 'loan'],
  ['TRANSFER_OUT_WITHDRAWAL', 'cash'],
  ['TRANSFER_IN_DEPOSIT', 'cash'],
  ['TRANSFER', 'transfer'],
  ['LOAN_PAYMENTS_CREDIT_CARD_PAYMENT', 'transfer'],
  ['LOAN', 'loan'],
  ['BANK_FEES_INTEREST', 'interest'],
  ['BANK_FEES', 'fees'],
  ['ENTERTAINMENT', 'entertainment'],
  ['FOOD_AND_DRINK_GROCERIES', 'groceries'],
  ['FOOD_AND_DRINK_BEER', 'groceries'],
  ['FOOD_AND_DRINK', 'dining'],
  // As the merchant category code has it: food, and often.
  ['GENERAL_MERCHANDISE_CONVENIENCE', 'groceries'],
  ['GENERAL_MERCHANDISE', 'shopping'],
  ['HOME_IMPROVEMENT', 'shopping'],
  ['MEDICAL', 'health'],
  ['PERSONAL_CARE_GYMS', 'health'],
  ['PERSONAL_CARE', 'services'],
  ['GENERAL_SERVICES_INSURANCE', 'insurance'],
  ['GENERAL_SERVICES', 'services'],
  ['GOVERNMENT', 'government'],
  ['TRANSPORTATION', 'transport'],
  ['TRAVEL', 'travel'],
  ['RENT_AND_UTILITIES_RENT', 'housing'],
  ['RENT_AND_UTILITIES', 'utilities'],
];

function providedCategory(category: Transaction['category']): Category | undefined {
  if (category === null) return undefined;
  const byBeginning = (word: string) => providerWords.find(([prefix]) => word.toUpperCase().startsWith(prefix))?.[1];
  const plain = category.primary.toLowerCase();
  return byBeginning(category.detailed) ?? byBeginning(category.primary) ?? categories.find((word) => word === plain);
}

/** Plaid's words and ISO 20022's bank transaction codes. */
const codes: readonly (readonly [pattern: RegExp, category: Category])[] = [
  [/^(?:atm|cash)$|(?:^|[-/ ])(?:CWDL|CAWD|CDPT|CCRD[-/ ]CDPT)\b/i, 'cash'],
  [/^bank charge$|(?:^|[-/ ])(?:CHRG|FEES|COMM|COME|COMI)\b/i, 'fees'],
  [/^interest$|(?:^|[-/ ])INTR\b/i, 'interest'],
  [/(?:^|[-/ ])(?:SALA|PAYR)\b/i, 'income'],
  [/(?:^|[-/ ])(?:LDAS|MGLN|CSLN)\b/i, 'loan'],
];

function codeCategory(code: string | null): Category | undefined {
  return code === null ? undefined : codes.find(([pattern]) => pattern.test(code))?.[1];
}

/** Within the bank: both sides are accounts of its own customers, most often of one. */
function isBookTransfer(code: string | null): boolean {
  return code !== null && /(?:^|[-/ ])(?:[IR]CDT[-/ ]BOOK|ACCB|INTC)\b/.test(code);
}

/** ISO 18245: first and last code; a narrower range stands before a wider one. */
const merchants: readonly (readonly [from: number, to: number, category: Category])[] = [
  [4011, 4011, 'transport'],
  [4111, 4131, 'transport'],
  [4411, 4411, 'travel'],
  [4511, 4511, 'travel'],
  [4722, 4723, 'travel'],
  [4784, 4789, 'transport'],
  [4812, 4900, 'utilities'],
  [5411, 5411, 'groceries'],
  [5422, 5499, 'groceries'],
  [5541, 5542, 'transport'],
  [5552, 5552, 'transport'],
  [5811, 5814, 'dining'],
  [5815, 5818, 'entertainment'],
  [5912, 5912, 'health'],
  [5921, 5921, 'groceries'],
  [5960, 5960, 'insurance'],
  [5968, 5968, 'services'],
  [5013, 5999, 'shopping'],
  [6010, 6011, 'cash'],
  [6012, 6012, 'loan'],
  [6300, 6399, 'insurance'],
  [6513, 6513, 'housing'],
  [6531, 6540, 'transfer'],
  [3000, 3350, 'travel'],
  [3351, 3441, 'travel'],
  [3501, 3999, 'travel'],
  [7011, 7033, 'travel'],
  [7512, 7519, 'travel'],
  [7523, 7549, 'transport'],
  [7800, 7999, 'entertainment'],
  [8011, 8099, 'health'],
  [9211, 9402, 'government'],
  [4812, 4829, 'utilities'],
  [7200, 8999, 'services'],
];

function merchantCategory(code: string | undefined): Category | undefined {
  if (code === undefined || !/^\d{4}$/.test(code)) return undefined;
  const number = Number(code);
  return merchants.find(([from, to]) => number >= from && number <= to)?.[2];
}

/**
 * English, German, Dutch, French, Spanish, Polish, Italian, Portuguese, Nordic languages; the first category that has a word of the text decides. A star stands for
 * the rest of a word.
 */
const rules: readonly (readonly [category: Category, words: string])[] = [
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

const TRANSFER =
  /(?:^|[^a-z])(?:transfer|transf|tfr|xfer|e-?transfer|zelle|venmo|cash app|revolut|wise|ueberweisung|uberweisung|gutschrift|umbuchung|dauerauftrag|overboeking|overschrijving|tikkie|virement|vir|transferencia|traspaso|bizum|przelew|bonifico|giroconto|standing order|faster payment|neft|imps|rtgs|upi|osko|payid|fpo|fpi|interac e-?tr\w*|swish|vipps|mobilepay|twint|pix|overforing|overforsel|tilisiirto|konto ?u?e?bertrag|insattning|fps|chaps|osko|振込|振替|送金|振り込み)(?=$|[^a-z])/;
/** Between accounts of one holder. */
const OWN =
  /own account|internal transfer|transfer (?:to|from) (?:my )?(?:savings?|checking|current|chk|sav|acc)|(?:to|from) savings|savings transfer|online (?:banking )?transfer (?:to|from)|between accounts|umbuchung|eigenubertrag|eigenuebertrag|eigene? ?konto|ubertrag auf|naar (?:oranje )?spaar\w*|van (?:oranje )?spaar\w*|eigen rekening|spaarrekening|virement interne|compte a compte|vers (?:livret|epargne)|livret a|traspaso|entre cuentas|przelew wlasny|rachunek wlasny|na konto oszczednosciowe|giroconto|sparplan|tagesgeld|round ?up|pot transfer|epargne|spaarpot|kontou?e?bertrag|(?:till|fran|til|fra) (?:eget konto|egen konto|sparkonto|opsparing\w*|sparekonto|lonekonto|lonkonto|lonnskonto)|egen overforing|mesma titularidade|conta poupanca|poupanca|conto risparmio|tra conti|oma(?:lle)? tili\w*|saastotili\w*|self transfer|transfer to self|own transfer|depuis compte|van betaalrekening|naar betaalrekening|本人名義|本人口座|自分の口座/;
/** A card's bill is paid: money of the holder's own on its way to the holder's own debt. What was bought with a card says other things. */
const CARD_BILL =
  /(?:credit )?card (?:payment|pymt)[ -]*(?:thank|received)|payment(?: received)?[ ,.!-]*thank(?:s| you)|payment received|thank you for your payment|auto ?pay(?:ment)?[ ,.-]*(?:payment|pymt|thank)|credit ?card (?:payment|pymt|pmt|bill|auto ?pay)|e-?payment thank|\bcc (?:payment|pymt|autopay|bill)|(?<!card )payment to (?:\w+ ){0,3}(?:credit )?card(?: ending|\b.{0,3}[x*\d]|$)|cardmember serv|crd epay|kreditkarten?[ -]?(?:abrechnung|ausgleich|zahlung|rechnung|saldo|lastschrift)|(?:abrechnung|ausgleich|rechnung)(?: der)?(?: ihrer)? kreditkarte|visa-?abrechnung|(?:incasso|afrekening|aflossing|betaling) credit ?card|credit ?card (?:incasso|afrekening|aflossing)|geincasseerd vorig saldo|(?:releve|reglement|depenses)(?: de)?(?: votre)? carte|carte(?: a)? (?:debit )?differe|debit differe|(?:liquidacion|liq\.?|recibo|extracto|amortizacion)(?: mensual)?(?: de)?(?: la| su)? tarjetas?|fatura(?: do| de)? cartao|(?:pagamento|pagto|pgto)(?: de| da)? fatura(?: do| de)? cartao|(?:estratto conto|saldo|regolamento|rimborso) carta|addebito carta di credito|splata(?: zadluzenia)?(?: na)? kart\w*|splata zadluzenia|kreditkorts?[ -]?(?:faktura|rakning|regning|betaling|inbetalning)|(?:inbetalning|betaling|betalning|faktura|regning)(?: av)? kreditkort\w*|luottokortti(?:lasku|maksu)|クレジットカード|カード(?:引落|払込|支払|口座振替)/;
const FOREIGN =
  /foreign|non-sterling|non-gbp|auslandseinsatz|fremdwahrung|fremdwaehrung|currency conversion|exchange rate|wechselkurs|wisselkoers|koersopslag|cours de change|hors zone|tipo de cambio|divisa|przewalutowanie|kurs wymiany|fx (?:fee|rate)|int(?:er)?n?(?:ationa)?l\.? (?:fee|tran\w*|purchase fee|service fee)|commission internationale|\bdcc\b|markup fee|cross[- ](?:currency|border)|currency (?:fee|charge|mark ?up)|overseas (?:fee|tran\w*)|vreemde valuta|valuta(?:vaxling|paslag|tillagg|kurs|gebyr|omrakning)\w*|valutaavgift|walut\w*|moneda extranjera|moeda estrangeira|cambio (?:de )?(?:divisa|moneda)|operac\w+ internaciona\w*|iof (?:compra )?(?:inter\w*|exterior)|valuta estera|paesi extra|hors (?:zone|ue|euro)|海外|外貨|為替/;
const SHOWN =
  /\b(usd|eur|gbp|chf|pln|sek|nok|dkk|czk|huf|cad|aud|jpy|inr|try|ron|bgn|nzd|sgd|hkd|thb|mxn|brl|zar|aed)\s?\d+[.,]\d|\d[.,]\d{2}\s?(usd|eur|gbp|chf|pln|sek|nok|dkk|czk|huf|cad|aud|jpy|inr|try|ron|bgn|nzd|sgd|hkd|thb|mxn|brl|zar|aed)\b/;

interface WordReading {
  readonly plain: string;
  /** Code of an amount that the text shows. */
  readonly shown: string | undefined;
  readonly isForeign: boolean;
  readonly isTransferLike: boolean;
  /** By the words alone, once somebody asked; for money in and out. */
  readonly categories: { in?: Category; out?: Category };
}

/** Texts come again and again: what they were read as is kept, up to a bound. It changes no answer. */
const readings = new Map<string, WordReading>();
const MOST_READINGS = 8_192;
/** What the bank says after so many characters is of no help. */
const MOST_CHARS = 160;
const DIGIT = /\d/g;

/** Taken from an account by way of a payment: not in cash. */
const NO_CASH =
  /\b(?:ach|electronic|pre-?authori[sz]ed|direct|online|internet|mobile|pos|point of sale|debit card|bill pay(?:ment)?|recurring|e-?check)(?: debit)? (?:withdrawal|withdrwl|w\/d)\b|\bwithdrawal (?=(?:by |to |for |from |- ?)?(?:ach|pos|debit card|bill pay|transfer|home banking|online|internet|electronic|check|cheque)\b)/g;
/** Which side it was: no doctor. */
const SIDES = /^((?:upi|imps|neft|rtgs|ach)[ /-]*)(?:dr|cr|d|c)(?=[ /-])/;
const PLUS = /([a-z])\+(?![a-z0-9])/g;

function readWords(text: string): WordReading {
  // Which number it is makes no difference here, and it differs each time.
  const shape = text.replace(DIGIT, '0');
  const known = readings.get(shape);
  if (known !== undefined) return known;
  const plain = plainText(shape).replace(NO_CASH, ' ').replace(SIDES, '$1 ').replace(PLUS, '$1 plus');
  const shown = SHOWN.exec(plain);
  const reading: WordReading = {
    plain,
    shown: (shown?.[1] ?? shown?.[2])?.toUpperCase(),
    isForeign: FOREIGN.test(plain),
    isTransferLike: OWN.test(plain) || CARD_BILL.test(plain),
    categories: {},
  };
  if (readings.size >= MOST_READINGS) readings.clear();
  readings.set(shape, reading);
  return reading;
}

function ruleCategory({ plain, categories }: WordReading, isIn: boolean): Category {
  const side = isIn ? 'in' : 'out';
  const category = categories[side] ?? wordCategory(plain, isIn);
  categories[side] = category;
  return category;
}

const LONGEST_PHRASE = 4;
const SHORTEST_STEM = 3;

/** At the end of a name: "TARGET0012". Digits as `readWords` leaves them. */
const SHOP_NUMBER = /(?<=[a-z&])0{3,}$/;

/** Categories' ranks by whole words or phrases, and by how words begin; digits as `readWords` leaves them. */
const phraseRanks = new Map<string, number[]>();
const stemRanks = new Map<string, number[]>();
for (const [rank, [, words]] of rules.entries()) {
  for (const word of words.replace(DIGIT, '0').replace(/\s+/g, ' ').split(', ')) {
    const table = word.endsWith('*') ? stemRanks : phraseRanks;
    const key = word.endsWith('*') ? word.slice(0, -1) : word;
    table.set(key, [...(table.get(key) ?? []), rank]);
  }
}

/** The ranks before say what kind of payment it is. */
const FIRST_NAMES = rules.findIndex(([category]) => category === 'housing');

function wordCategory(plain: string, isIn: boolean): Category {
  let first = rules.length;
  let longest = 0;
  // What kind of payment it is goes before whom it was to; of two names the longer one says more: "Pret A Manger" lends nobody money.
  const take = (ranks: readonly number[] | undefined, length: number) => {
    for (const rank of ranks ?? []) {
      if (!isPossible(rules[rank]?.[0], isIn)) continue;
      const isKind = Math.min(rank, first) < FIRST_NAMES;
      if (isKind || length === longest ? rank >= first : length < longest) continue;
      first = rank;
      longest = length;
    }
  };
  if (HAS_SCRIPT.test(plain))
    take(
      scriptRules.flatMap(([rank, words]) => (words.test(plain) ? [rank] : [])),
      1,
    );
  const tokens = plain.split(/[^a-z0-9&]+/).map((token) => token.replace(SHOP_NUMBER, ''));
  for (const [index, token] of tokens.entries()) {
    let phrase = token;
    take(phraseRanks.get(phrase), 1);
    for (let next = index + 1; next < index + LONGEST_PHRASE && next < tokens.length; next++) {
      phrase += ` ${tokens[next]}`;
      take(phraseRanks.get(phrase), 1 + next - index);
    }
    for (let length = SHORTEST_STEM; length <= token.length; length++) take(stemRanks.get(token.slice(0, length)), 1);
  }
  return rules[first]?.[0] ?? (TRANSFER.test(plain) ? 'transfer' : 'other');
}

/** Of a script that parts no words. */
const HAS_SCRIPT = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
const scripts: readonly (readonly [category: Category, words: string])[] = [
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
/** Ranks as those of `rules`. */
const scriptRules = scripts.map(
  ([category, words]) => [rules.findIndex(([name]) => name === category), new RegExp(plainText(words))] as const,
);

/** Wages are paid by employers, not to them; banks take fees, and machines give cash. */
function isPossible(category: Category | undefined, isIn: boolean): boolean {
  return category === 'income' ? isIn : !(isIn && (category === 'fees' || category === 'cash'));
}
