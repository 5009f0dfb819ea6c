/* geo/coord_lex.c — the signs people write coordinates with.
 *
 * The text is first folded: full-width forms become ASCII, the many dashes, quotes and rings
 * one each, so that the tables below stay short. Folding keeps one output byte or more per
 * input character; signs borrow the folded text.
 *
 * Three signs mean different things by what stands around them:
 *   。 · ・   a decimal point between digits (118。4517), a degree sign when the digits behind
 *            them end in a minute sign (118。27′), else nothing
 *   E        an exponent before a sign and digits (1.184E+02), else east
 *   s m      seconds and minutes only after d or m, else south and metres (coord.c decides)
 * Three numbers with dots between (118.27.06) are degrees, minutes, seconds; a fourth is the
 * decimals of the seconds. Commas with three digits behind each, two or more, are thousands. */
#include "geo/coord_lex.h"
#include "geo/inside.h"

#include <math.h>

/* ---- folding -------------------------------------------------------------------------------
 */

typedef struct fold {
    uint32_t from, to; /* inclusive */
    char into;
} fold;

/* DEG, MIN, SEC, DOT as bytes that no text has after folding. */
enum { DEG = 1, MIN = 2, SEC = 3, SOFT_DOT = 4 };

static const fold folds[] = {
    {0x00A0, 0x00A0, ' '     },
    {0x00B0, 0x00B0, DEG     }, /* ° */
    {0x00B4, 0x00B4, MIN     }, /* ´ */
    {0x00B7, 0x00B7, SOFT_DOT}, /* · */
    {0x00BA, 0x00BA, DEG     }, /* º */
    {0x02B9, 0x02B9, MIN     },
    {0x02BA, 0x02BA, SEC     },
    {0x02BC, 0x02BC, MIN     },
    {0x02CA, 0x02CB, MIN     },
    {0x02DA, 0x02DA, DEG     }, /* ˚ */
    {0x02DD, 0x02DD, SEC     }, /* ˝ */
    {0x2000, 0x200A, ' '     },
    {0x200B, 0x200F, '\0'    }, /* zero width: nothing */
    {0x2010, 0x2015, '-'     }, /* ‐ – — */
    {0x2018, 0x2019, MIN     }, /* ‘ ’ */
    {0x201B, 0x201B, MIN     },
    {0x201C, 0x201D, SEC     }, /* “ ” */
    {0x201F, 0x201F, SEC     },
    {0x2022, 0x2022, SOFT_DOT}, /* • */
    {0x2028, 0x2029, '\n'    },
    {0x202F, 0x202F, ' '     },
    {0x2032, 0x2032, MIN     }, /* ′ */
    {0x2033, 0x2033, SEC     }, /* ″ */
    {0x2035, 0x2035, MIN     },
    {0x2036, 0x2036, SEC     },
    {0x205F, 0x205F, ' '     },
    {0x2060, 0x2060, '\0'    },
    {0x2070, 0x2070, DEG     }, /* ⁰ */
    {0x2103, 0x2103, DEG     }, /* ℃, picked from the same menu */
    {0x2212, 0x2212, '-'     }, /* − */
    {0x2218, 0x2218, DEG     }, /* ∘ */
    {0x223C, 0x223C, '~'     },
    {0x25CB, 0x25CB, DEG     }, /* ○ */
    {0x25E6, 0x25E6, DEG     },
    {0x3000, 0x3000, ' '     },
    {0x3001, 0x3001, ','     }, /* 、 */
    {0x3002, 0x3002, SOFT_DOT}, /* 。 */
    {0x3003, 0x3003, SEC     }, /* 〃 */
    {0x3008, 0x3011, ' '     }, /* 〈 … 】 */
    {0x3014, 0x3015, ' '     },
    {0x301C, 0x301C, '~'     },
    {0x301D, 0x301F, SEC     },
    {0x309C, 0x309C, DEG     }, /* ゜ */
    {0x30FB, 0x30FB, SOFT_DOT}, /* ・ */
    {0x5206, 0x5206, MIN     }, /* 分 */
    {0x5EA6, 0x5EA6, DEG     }, /* 度 */
    {0x79D2, 0x79D2, SEC     }, /* 秒 */
    {0xFEFF, 0xFEFF, '\0'    },
    {0xFF61, 0xFF61, SOFT_DOT},
    {0xFF9F, 0xFF9F, DEG     },
    {0xFFE3, 0xFFE3, '-'     },
};

static uint32_t fold_one(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E) {
        c -= 0xFEE0;
    }
    switch (c) {
    case '\'':
    case '`':
        return MIN;
    case '"':
        return SEC;
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case '<':
    case '>':
    case '\t':
        return ' ';
    case ';':
    case '/':
    case '|':
    case '\\':
    case '&':
    case '\r':
    case '\n':
        return ',';
    case '=':
        return ':';
    default:
        break;
    }
    for (size_t i = 0; c >= 0x80 && i < XD_LEN(folds); i++) {
        if (c >= folds[i].from && c <= folds[i].to) {
            return (uint32_t)(unsigned char)folds[i].into;
        }
    }
    return c < ' ' ? ' ' : c;
}

/* 经度 and 纬度 hold the degree sign's character: they are kept by looking one behind. */
static xd_str folded(xd_arena *arena, xd_str text)
{
    char *out = xd_new_n(arena, char, text.n + 1);
    size_t n = 0;
    uint32_t before = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t c = xd_utf8_next(text, &at);
        bool axis_word = c == 0x5EA6 && (before == 0x7ECF || before == 0x7EAC ||
                                         before == 0x7D93 || before == 0x7DEF);
        before = c;
        uint32_t into = axis_word ? c : fold_one(c);
        if (into != 0) {
            n += xd_utf8_put(into, out + n);
        }
    }
    return (xd_str){out, n};
}

/* ---- words ---------------------------------------------------------------------------------
 */

typedef struct word {
    xd_str text; /* ASCII without case; the longer before its own beginning */
    xd_sign_kind kind;
    xd_axis axis;
    int direction;
    bool letter;
} word;

static const word words[] = {
    {XD_STR("东经"),     XD_SIGN_AXIS,   XD_AXIS_LON,     1,  false},
    {XD_STR("東經"),     XD_SIGN_AXIS,   XD_AXIS_LON,     1,  false},
    {XD_STR("东径"),     XD_SIGN_AXIS,   XD_AXIS_LON,     1,  false},
    {XD_STR("西经"),     XD_SIGN_AXIS,   XD_AXIS_LON,     -1, false},
    {XD_STR("西經"),     XD_SIGN_AXIS,   XD_AXIS_LON,     -1, false},
    {XD_STR("北纬"),     XD_SIGN_AXIS,   XD_AXIS_LAT,     1,  false},
    {XD_STR("北緯"),     XD_SIGN_AXIS,   XD_AXIS_LAT,     1,  false},
    {XD_STR("南纬"),     XD_SIGN_AXIS,   XD_AXIS_LAT,     -1, false},
    {XD_STR("南緯"),     XD_SIGN_AXIS,   XD_AXIS_LAT,     -1, false},
    {XD_STR("东"),        XD_SIGN_AXIS,   XD_AXIS_LON,     1,  false},
    {XD_STR("西"),        XD_SIGN_AXIS,   XD_AXIS_LON,     -1, false},
    {XD_STR("北"),        XD_SIGN_AXIS,   XD_AXIS_LAT,     1,  false},
    {XD_STR("南"),        XD_SIGN_AXIS,   XD_AXIS_LAT,     -1, false},
    {XD_STR("经纬度"),  XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("經緯度"),  XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("经度"),     XD_SIGN_AXIS,   XD_AXIS_LON,     0,  false},
    {XD_STR("經度"),     XD_SIGN_AXIS,   XD_AXIS_LON,     0,  false},
    {XD_STR("纬度"),     XD_SIGN_AXIS,   XD_AXIS_LAT,     0,  false},
    {XD_STR("緯度"),     XD_SIGN_AXIS,   XD_AXIS_LAT,     0,  false},
    {XD_STR("经"),        XD_SIGN_AXIS,   XD_AXIS_LON,     0,  false},
    {XD_STR("纬"),        XD_SIGN_AXIS,   XD_AXIS_LAT,     0,  false},
    {XD_STR("大约"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("约"),        XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("中心点"),  XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("中心"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("为"),        XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("地理"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("大地"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("国家2000"), XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("坐标系"),  XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("坐标"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("位置"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("位于"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("和"),        XD_SIGN_HARD,   XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("与"),        XD_SIGN_HARD,   XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("高程"),     XD_SIGN_HEIGHT, XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("海拔"),     XD_SIGN_HEIGHT, XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("至"),        XD_SIGN_RANGE,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("到"),        XD_SIGN_RANGE,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("~"),          XD_SIGN_RANGE,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("米"),        XD_SIGN_METRE,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("cgcs2000"),   XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("wgs-84"),     XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("wgs84"),      XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("longitude"),  XD_SIGN_AXIS,   XD_AXIS_LON,     0,  false},
    {XD_STR("latitude"),   XD_SIGN_AXIS,   XD_AXIS_LAT,     0,  false},
    {XD_STR("altitude"),   XD_SIGN_HEIGHT, XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("point"),      XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("north"),      XD_SIGN_AXIS,   XD_AXIS_LAT,     1,  false},
    {XD_STR("south"),      XD_SIGN_AXIS,   XD_AXIS_LAT,     -1, false},
    {XD_STR("east"),       XD_SIGN_AXIS,   XD_AXIS_LON,     1,  false},
    {XD_STR("west"),       XD_SIGN_AXIS,   XD_AXIS_LON,     -1, false},
    {XD_STR("long"),       XD_SIGN_AXIS,   XD_AXIS_LON,     0,  false},
    {XD_STR("lon"),        XD_SIGN_AXIS,   XD_AXIS_LON,     0,  false},
    {XD_STR("lng"),        XD_SIGN_AXIS,   XD_AXIS_LON,     0,  false},
    {XD_STR("lat"),        XD_SIGN_AXIS,   XD_AXIS_LAT,     0,  false},
    {XD_STR("alt"),        XD_SIGN_HEIGHT, XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("geo"),        XD_SIGN_BLANK,  XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("deg"),        XD_SIGN_DEGREE, XD_AXIS_UNKNOWN, 0,  true },
    {XD_STR("min"),        XD_SIGN_MINUTE, XD_AXIS_UNKNOWN, 0,  true },
    {XD_STR("sec"),        XD_SIGN_SECOND, XD_AXIS_UNKNOWN, 0,  true },
    {XD_STR("e"),          XD_SIGN_AXIS,   XD_AXIS_LON,     1,  false},
    {XD_STR("w"),          XD_SIGN_AXIS,   XD_AXIS_LON,     -1, false},
    {XD_STR("n"),          XD_SIGN_AXIS,   XD_AXIS_LAT,     1,  false},
    {XD_STR("s"),          XD_SIGN_AXIS,   XD_AXIS_LAT,     -1, true },
    {XD_STR("d"),          XD_SIGN_DEGREE, XD_AXIS_UNKNOWN, 0,  true },
    {XD_STR("m"),          XD_SIGN_MINUTE, XD_AXIS_UNKNOWN, 0,  true },
    {XD_STR("x"),          XD_SIGN_HARD,   XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("y"),          XD_SIGN_HARD,   XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("h"),          XD_SIGN_HEIGHT, XD_AXIS_UNKNOWN, 0,  false},
    {XD_STR("z"),          XD_SIGN_HEIGHT, XD_AXIS_UNKNOWN, 0,  false},
};

/* ---- numbers -------------------------------------------------------------------------------
 */

typedef struct lexer {
    xd_arena *arena;
    xd_str s; /* folded */
    size_t at;
    XD_VEC(xd_sign) signs;
} lexer;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool digit_at(const lexer *lx, size_t at)
{
    return at < lx->s.n && is_digit(lx->s.p[at]);
}

static char char_at(const lexer *lx, size_t at)
{
    return at < lx->s.n ? lx->s.p[at] : '\0';
}

static size_t past_digits(const lexer *lx, size_t at)
{
    while (digit_at(lx, at)) {
        at += 1;
    }
    return at;
}

/* Digits with an optional point, blanks and commas skipped, as a value. */
static void measure(xd_str text, xd_sign *sign)
{
    double value = 0;
    bool point = false;
    int decimals = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (is_digit(text.p[i])) {
            value = value * 10 + (text.p[i] - '0');
            decimals += point ? 1 : 0;
        } else if (text.p[i] == '.' || text.p[i] == SOFT_DOT) {
            point = true;
        }
    }
    sign->value = value / pow(10, decimals);
    sign->decimals = decimals;
    sign->whole = !point;
}

static xd_sign *add(lexer *lx, xd_sign_kind kind, size_t to)
{
    xd_sign *sign = xd_push(lx->arena, &lx->signs);
    *sign = (xd_sign){.kind = kind, .text = xd_str_sub(lx->s, lx->at, to)};
    lx->at = to;
    return sign;
}

/* A soft dot is a degree sign when the digits behind it end in a minute sign. */
static bool soft_dot_is_degree(const lexer *lx, size_t dot)
{
    size_t end = past_digits(lx, dot + 1);
    while (char_at(lx, end) == ' ') {
        end += 1;
    }
    return char_at(lx, end) == MIN;
}

static bool point_at(const lexer *lx, size_t at)
{
    char c = char_at(lx, at);
    return digit_at(lx, at + 1) && (c == '.' || (c == SOFT_DOT && !soft_dot_is_degree(lx, at)));
}

/* "39,500,000": two or more groups of exactly three. */
static size_t past_thousands(const lexer *lx, size_t at)
{
    size_t end = past_digits(lx, at);
    size_t start = end;
    int groups = 0;
    while (char_at(lx, end) == ',' && past_digits(lx, end + 1) == end + 4) {
        end += 4;
        groups += 1;
    }
    return groups >= 2 && start - at <= 3 ? end : start;
}

/* "E+02" behind a number, as spreadsheets write it. */
static size_t past_exponent(const lexer *lx, size_t at, int *ret_exponent)
{
    char c = char_at(lx, at);
    char sign = char_at(lx, at + 1);
    size_t end = past_digits(lx, at + 2);
    *ret_exponent = 0;
    if ((c != 'e' && c != 'E') || (sign != '+' && sign != '-') || end == at + 2 ||
        end > at + 4) {
        return at;
    }
    for (size_t i = at + 2; i < end; i++) {
        *ret_exponent = *ret_exponent * 10 + (lx->s.p[i] - '0');
    }
    *ret_exponent = sign == '-' ? -*ret_exponent : *ret_exponent;
    return end;
}

static void dotted_groups(lexer *lx)
{
    for (int group = 0; group < 3; group++) {
        size_t end = past_digits(lx, lx->at);
        if (group == 2 && point_at(lx, end)) {
            end = past_digits(lx, end + 1);
        }
        xd_str text = xd_str_sub(lx->s, lx->at, end);
        measure(text, add(lx, XD_SIGN_NUMBER, end));
        if (group < 2) {
            (void)add(lx, XD_SIGN_COLON, lx->at + 1); /* the dot */
        }
    }
}

static void number(lexer *lx)
{
    size_t whole = past_thousands(lx, lx->at);
    if (!point_at(lx, whole)) {
        int exponent;
        size_t end = past_exponent(lx, whole, &exponent);
        xd_sign *sign = add(lx, XD_SIGN_NUMBER, end);
        measure(xd_str_sub(sign->text, 0, sign->text.n - (end - whole)), sign);
        sign->value *= pow(10, exponent);
        return;
    }
    size_t end = past_digits(lx, whole + 1);
    if (point_at(lx, end)) {
        dotted_groups(lx);
        return;
    }
    int exponent;
    size_t past = past_exponent(lx, end, &exponent);
    xd_sign *sign = add(lx, XD_SIGN_NUMBER, past);
    measure(xd_str_sub(sign->text, 0, sign->text.n - (past - end)), sign);
    sign->value =
        exponent >= 0 ? sign->value * pow(10, exponent) : sign->value / pow(10, -exponent);
    sign->decimals = sign->decimals > exponent ? sign->decimals - exponent : 0;
}

/* ---- all signs -----------------------------------------------------------------------------
 */

static bool is_mark(xd_sign_kind kind)
{
    return kind == XD_SIGN_DEGREE || kind == XD_SIGN_MINUTE || kind == XD_SIGN_SECOND;
}

static bool known_word(lexer *lx)
{
    char c = char_at(lx, lx->at);
    char first = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    for (size_t i = 0; i < XD_LEN(words); i++) {
        const word *w = &words[i];
        if (w->text.p[0] != first) {
            continue; /* most of them */
        }
        if (xd_str_eq_nocase(xd_str_sub(lx->s, lx->at, lx->at + w->text.n), w->text)) {
            xd_sign *sign = add(lx, w->kind, lx->at + w->text.n);
            sign->axis = w->axis;
            sign->direction = w->direction;
            sign->letter = w->letter;
            return true;
        }
    }
    return false;
}

/* The letter o for a ring, between a digit and what may follow degrees. */
static bool letter_ring(const lexer *lx)
{
    char c = char_at(lx, lx->at);
    bool after_digit = lx->at > 0 && digit_at(lx, lx->at - 1);
    return (c == 'o' || c == 'O') && after_digit && digit_at(lx, lx->at + 1);
}

static bool single(lexer *lx, char c)
{
    static const struct {
        char c;
        xd_sign_kind kind;
    } singles[] = {
        {DEG,  XD_SIGN_DEGREE},
        {MIN,  XD_SIGN_MINUTE},
        {SEC,  XD_SIGN_SECOND},
        {'-',  XD_SIGN_DASH  },
        {'+',  XD_SIGN_PLUS  },
        {':',  XD_SIGN_COLON },
        {' ',  XD_SIGN_BLANK },
        {',',  XD_SIGN_HARD  },
        {'\n', XD_SIGN_HARD  },
    };
    for (size_t i = 0; i < XD_LEN(singles); i++) {
        if (singles[i].c == c) {
            (void)add(lx, singles[i].kind, lx->at + 1);
            return true;
        }
    }
    return false;
}

/* A point not inside a number: the decimals of what a mark stands on (06″.5), a number without
 * its nought (.5), a full stop; anything else (118..45) is a slip nobody should guess at. */
static void point(lexer *lx)
{
    xd_sign_kind last = lx->signs.n == 0 ? XD_SIGN_END : lx->signs.at[lx->signs.n - 1].kind;
    size_t end = past_digits(lx, lx->at + 1);
    bool stop = end == lx->at + 1 && char_at(lx, end) != '.';
    if (stop) {
        (void)add(lx, XD_SIGN_BLANK, end);
    } else if (end > lx->at + 1 && last != XD_SIGN_BLANK && last != XD_SIGN_NUMBER) {
        xd_str text = xd_str_sub(lx->s, lx->at, end);
        measure(text, add(lx, is_mark(last) ? XD_SIGN_FRACTION : XD_SIGN_NUMBER, end));
    } else {
        (void)add(lx, XD_SIGN_OTHER, end);
    }
}

static void one_sign(lexer *lx)
{
    char c = lx->s.p[lx->at];
    if (c == '.') {
        point(lx);
    } else if (c == SOFT_DOT) {
        bool ring = soft_dot_is_degree(lx, lx->at);
        (void)add(lx, ring ? XD_SIGN_DEGREE : XD_SIGN_BLANK, lx->at + 1);
    } else if (is_digit(c)) {
        number(lx);
    } else if (letter_ring(lx)) {
        (void)add(lx, XD_SIGN_DEGREE, lx->at + 1);
    } else if (!known_word(lx) && !single(lx, c)) {
        size_t end = lx->at;
        (void)xd_utf8_next(lx->s, &end); /* only its length is wanted */
        (void)add(lx, XD_SIGN_OTHER, end);
    }
}

bool xd_coord_lex(xd_ctx *cx, xd_str text, const xd_sign **ret_signs)
{
    if (text.n > XD_COORD_LONGEST || xd_utf8_valid(text) != text.n) {
        return xd_geo_refuse(cx, XD_S("坐标的文字太长，或不是有效的文字。"),
                             XD_S("The coordinate's text is too long, or not valid text."));
    }
    lexer lx = {.arena = cx->arena, .s = folded(cx->arena, text)};
    while (lx.at < lx.s.n) {
        one_sign(&lx);
    }
    (void)add(&lx, XD_SIGN_END, lx.at);
    *ret_signs = lx.signs.at;
    return true;
}
