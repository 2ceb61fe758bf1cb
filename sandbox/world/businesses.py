"""Who trades in what: the companies of the demo, their goods, and the pools that their customers' names are drawn from.

All invented. Addresses end in `.example`, which nobody can own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Business:
    """One company's trade. `goods` are (description, unit, lowest price, highest price, most units on a line)."""

    name: str
    country: str
    currency: str
    time_zone: str
    goods: tuple[tuple[str, str, str, str, int], ...]
    names: tuple[str, ...]
    """Firsts of customers' names, enough for every customer to have its own."""
    trades: tuple[str, ...]
    cities: tuple[str, ...]
    people: tuple[str, ...]
    phone: str
    """A number's pattern; `#` is a digit."""
    terms: tuple[int, ...] = (14, 20, 30, 30)
    rhythms: tuple[int, ...] = (30, 30, 45, 60, 60, 90)
    """Days between a customer's orders, as common as they stand here."""
    discount: tuple[Decimal, int] | None = None
    """(per cent, days) on some customers' terms."""
    has_drafts: bool = True
    other_currency: str = ""
    """What one customer abroad is billed in; empty for none."""


def _pool(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


HARBOR_LANE = Business(
    name="Harbor Lane Provisions",
    country="US",
    currency="USD",
    time_zone="America/Los_Angeles",
    goods=(
        ("Espresso beans, single origin", "5 lb bag", "52.00", "68.00", 12),
        ("House blend coffee", "5 lb bag", "41.50", "47.00", 20),
        ("Unbleached bread flour", "50 lb sack", "24.75", "29.90", 16),
        ("Extra virgin olive oil", "3 L tin", "33.40", "44.80", 10),
        ("Aged cheddar", "10 lb wheel", "71.25", "88.00", 6),
        ("Cultured butter", "case of 36", "118.00", "139.50", 5),
        ("San Marzano tomatoes", "case of 6", "32.20", "38.75", 14),
        ("Oat milk, barista", "case of 12", "34.90", "39.60", 18),
        ("Smoked salmon, sliced", "2 lb side", "38.00", "46.50", 9),
        ("Wildflower honey", "12 lb pail", "62.40", "74.00", 4),
        ("Compostable cups, 12 oz", "case of 1000", "89.00", "104.00", 7),
        ("Refrigerated delivery, coastal route", "stop", "45.00", "45.00", 1),
    ),
    names=_pool(
        "Larkspur, Tillamook Bay, Juniper Street, Old Cannery, Blue Heron, Sellwood, Marigold, Driftwood, "
        "Alder & Ash, North Jetty, Copper Kettle, Huckleberry, Rose City, Salt Marsh, Wren's Nest, Pelican, "
        "Ferry Landing, Cascade Hill, Red Barn, Yaquina, Mossy Rock, Sunday Morning, Iron Skillet, Bayfront, "
        "Clover, Depot Street, Fern Hollow, Gull Cottage, Hazel, Inkwell, Jetty Road, Kingfisher, "
        "Lighthouse, Maple Grove, Nehalem, Orchard, Pine State, Quarry, River Bend, Sandpiper, Tamarack, "
        "Upper Deck, Vineyard, Willamette, Yarrow, Zephyr, Astoria, Beacon, Cedar Mill, Dune, Ebb Tide, "
        "Foghorn, Granary, Halibut Point"
    ),
    trades=_pool("Café, Bakery, Bistro, Market, Grill, Inn, Roasters, Kitchen, Deli, Diner LLC, Foods Inc."),
    cities=_pool("Portland, Astoria, Newport, Salem, Eugene, Seaside, Tillamook, Hood River, Bend"),
    people=_pool("Ida Lund, Marcus Webb, Priya Nair, Tom Okafor, Elena Ruiz, Grace Kim, Sam Whitaker, Noor Haddad"),
    phone="(503) 555-01##",
    rhythms=(7, 14, 30, 30, 30, 45, 60, 60, 90, 90),
    discount=(Decimal(2), 10),
    has_drafts=False,
)

KAURI_LANE = Business(
    name="Kauri Lane Joinery",
    country="NZ",
    currency="NZD",
    time_zone="Pacific/Auckland",
    goods=(
        ("Oak dining table, oiled, 2.4 m", "each", "2450.00", "2890.00", 1),
        ("Dining chairs, woven seat", "each", "285.00", "345.00", 8),
        ("Kitchen cabinetry, made to measure", "linear metre", "690.00", "840.00", 6),
        ("Rimu shelving, finished", "linear metre", "96.00", "128.00", 18),
        ("Reception desk, curved front", "each", "3150.00", "4200.00", 1),
        ("Solid timber door, pre-hung", "each", "545.00", "720.00", 5),
        ("Site measure and drawings", "hour", "95.00", "95.00", 9),
        ("Installation, two joiners", "hour", "168.00", "168.00", 8),
        ("Window seat with storage", "each", "980.00", "1240.00", 2),
        ("Repair and refinish", "hour", "88.00", "88.00", 10),
        ("Delivery, wider Auckland", "trip", "120.00", "120.00", 1),
    ),
    names=_pool(
        "Harbour, Waitematā, Pōhutukawa, Ponsonby, Kererū, Stonefields, Tāmaki, Rangitoto, Mt Eden, Tūī, "
        "Northcote, Silver Fern, Karaka Bay, Blackwood, Hobson, Matakana, Kōwhai, Parnell Rise, Westhaven, "
        "Manuka, Titirangi, Mission Bay, Orewa, Piha, Sandringham, Takapuna, Grey Lynn, Whitebait, Long Bay, "
        "Cornwall, Kauri Cliffs, Albany, Britomart, Coromandel, Devonport, Ellerslie, Freemans, "
        "Great Barrier, Herne Bay, Island Bay, Kumeu, Leigh, Muriwai, Newmarket, Omaha, Pakiri, Riverhead, "
        "Snells Beach, Te Atatū, Waiheke, Wynyard, Oneroa, Huia, Bethells"
    ),
    trades=_pool("Builders Ltd, Homes, Architects, Cafe, Interiors, Property Group, Lodge, Dental, School, Motel"),
    cities=_pool("Auckland, Hamilton, Whangārei, Tauranga, Warkworth, Nelson"),
    people=_pool("Mia Cole, Aroha Ngata, Liam Fraser, Ana Ruiz, Tane Walker, Sophie Chen, Hamish Reid, Leilani Fa"),
    phone="09 555 01##",
    terms=(14, 20, 20, 30),
    other_currency="AUD",
)

PENNINE = Business(
    name="Pennine Print & Packaging",
    country="GB",
    currency="GBP",
    time_zone="Europe/London",
    goods=(
        ("Folding cartons, full colour", "thousand", "212.00", "268.00", 8),
        ("Brochures, 16 pages, silk", "thousand", "480.00", "655.00", 3),
        ("Self-adhesive labels", "roll", "38.50", "57.00", 16),
        ("Business cards, letterpress", "set", "64.00", "92.00", 5),
        ("Corrugated shippers", "bundle", "27.80", "34.20", 30),
        ("Artwork and proofing", "hour", "58.00", "58.00", 6),
        ("Exhibition banners", "each", "118.00", "164.00", 6),
        ("Carriage", "drop", "24.00", "24.00", 1),
    ),
    names=_pool(
        "Calder, Hebden, Todmorden, Ilkley, Saltaire, Rochdale, Marsden, Holme Valley, Skipton, Pendle, "
        "Colne, Nidd, Ribble, Bowland, Malham, Keighley, Otley, Wharfedale, Denby, Elland, Farsley, "
        "Greenfield, Haworth, Kirkstall, Langfield, Mytholm, Netherton, Oxenhope, Penistone, Ripponden, "
        "Slaithwaite, Thornhill, Uppermill, Wakefield, Ashworth, Brontë, Cragg Vale, Delph, Ewood, Fenwick, "
        "Golcar, Hardcastle, Jumble Hole, Luddenden"
    ),
    trades=_pool("Foods Ltd, Brewery, Bakers, Cosmetics Ltd, Toys, Tea Company, Soaps, Events, Press, Dairy"),
    cities=_pool("Leeds, Manchester, Halifax, Huddersfield, Bradford, Sheffield"),
    people=_pool("Hannah Shaw, Imran Malik, Ruth Barker, Owen Hughes, Chloe Marsden, Daniel Ward"),
    phone="0113 496 0###",
    terms=(30, 30, 14),
)

MAPLE_ROW = Business(
    name="Maple Row Studio",
    country="CA",
    currency="CAD",
    time_zone="America/Toronto",
    goods=(
        ("Brand identity, concept and artwork", "project", "2400.00", "3900.00", 1),
        ("Website design", "page", "280.00", "360.00", 9),
        ("Illustration", "piece", "190.00", "320.00", 6),
        ("Photography, half a day", "session", "650.00", "780.00", 2),
        ("Copywriting", "hour", "85.00", "85.00", 12),
        ("Care and hosting", "month", "75.00", "120.00", 3),
        ("Workshop", "day", "1150.00", "1400.00", 2),
        ("Corrections", "hour", "70.00", "70.00", 8),
    ),
    names=_pool(
        "Trillium, Don Valley, Leslieville, Harbourfront, Kensington, Roncesvalles, Bluffs, Humber, High Park, "
        "Distillery, Junction, Annex, Cabbagetown, Beaches, Rosedale, Muskoka, Niagara, Credit River, Elora, "
        "Prince Edward, Kawartha, Algonquin, Georgian Bay, Tobermory, Haliburton, Rideau, Ottawa Valley, "
        "Lakeshore, Queen Street, Spadina, Bathurst, Dundas, Ossington, Parkdale, Riverdale, Danforth, "
        "Greektown, Casa Loma, Yorkville, Liberty, Corktown, Moss Park, Swansea, Mimico, Long Branch"
    ),
    trades=_pool("Dental, Bakery, Yoga, Law Office, Brewing, Theatre, Realty, Clinic, Bookshop, Outfitters Inc."),
    cities=_pool("Toronto, Hamilton, Guelph, Kingston, Ottawa, Barrie, London"),
    people=_pool("Amara Singh, Luc Tremblay, Beth Wong, Owen Clarke, Fatima Aziz, Noah Bélanger"),
    phone="(416) 555-01##",
)
