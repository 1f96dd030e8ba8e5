/** Places that banks print behind a name. Not a gazetteer: those that are met often, so that a shop is the same in each of them. */

/** ASCII, lower case; `_` joins the words of one place. */
const cities = `
amsterdam rotterdam den_haag s_gravenhage the_hague utrecht eindhoven groningen tilburg almere breda nijmegen haarlem leiden delft schiphol
berlin hamburg munchen muenchen munich koeln koln cologne frankfurt frankfurt_am_main stuttgart duesseldorf dusseldorf dortmund essen leipzig bremen dresden
hannover nuernberg nurnberg duisburg bochum wuppertal bielefeld bonn muenster munster mannheim karlsruhe augsburg wiesbaden
wien vienna graz linz salzburg innsbruck zuerich zurich genf geneve geneva basel bern lausanne
paris marseille lyon toulouse nice nantes montpellier strasbourg bordeaux lille rennes reims toulon grenoble dijon angers
bruxelles brussels brussel antwerpen gent luxembourg luxemburg
madrid barcelona valencia sevilla zaragoza malaga murcia palma bilbao alicante cordoba valladolid vigo gijon granada
lisboa lisbon porto roma rome milano milan napoli torino palermo genova bologna firenze bari venezia verona
london manchester birmingham leeds glasgow liverpool bristol sheffield edinburgh cardiff belfast leicester coventry nottingham newcastle
brighton southampton portsmouth reading oxford cambridge york derby dublin cork galway limerick
warszawa krakow lodz wroclaw poznan gdansk szczecin bydgoszcz lublin katowice bialystok gdynia praha prague brno budapest bratislava
bucuresti sofia athens stockholm goteborg gothenburg malmo uppsala vasteras orebro linkoping helsingborg oslo bergen kobenhavn copenhagen aarhus helsinki tallinn riga vilnius
new_york brooklyn bronx queens los_angeles chicago houston phoenix philadelphia san_antonio san_diego dallas san_jose austin jacksonville
fort_worth columbus charlotte san_francisco indianapolis seattle denver boston el_paso nashville detroit oklahoma_city portland las_vegas
memphis louisville baltimore milwaukee albuquerque tucson fresno sacramento kansas_city mesa atlanta omaha colorado_springs raleigh miami
oakland minneapolis tulsa tampa arlington new_orleans cleveland honolulu anaheim orlando st_louis saint_louis pittsburgh cincinnati
los_gatos cupertino mountain_view palo_alto menlo_park san_mateo sunnyvale santa_clara bellevue redmond
toronto montreal vancouver calgary edmonton ottawa winnipeg quebec hamilton mississauga halifax saskatoon
sydney melbourne brisbane perth adelaide canberra hobart darwin gold_coast newcastle auckland wellington christchurch
mumbai delhi new_delhi bangalore bengaluru hyderabad ahmedabad chennai kolkata pune jaipur surat lucknow gurgaon gurugram noida
singapore hong_kong tokyo dubai abu_dhabi tel_aviv istanbul ankara johannesburg cape_town durban nairobi lagos
sao_paulo rio_de_janeiro brasilia belo_horizonte curitiba recife porto_alegre fortaleza campinas goiania manaus mexico_city ciudad_de_mexico bogota lima santiago buenos_aires
`;

const states =
  'al ak az ar ca co ct dc fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa ri sc sd tn tx ut va vt wa wi wv wy';
const australia = 'nsw vic qld tas act nt ns vi';
const countries =
  'us usa gb gbr uk ie irl de deu ger nl nld fr fra es esp it ita pl pol pt prt be bel lu lux ch che at aut au aus ca can ind se swe dk dnk no nor fi fin cz cze';

export const cityNames: ReadonlySet<string> = new Set(cities.trim().split(/\s+/));
export const mostCityWords = 4;
/** Of states and countries, as they stand behind a city. */
export const regionCodes: ReadonlySet<string> = new Set(`${states} ${australia} ${countries}`.split(' '));
