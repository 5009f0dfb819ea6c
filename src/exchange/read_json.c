/* JSON that is not GeoJSON: what platforms of open data, systems and their interfaces give out.
 *
 * Such files wrap the records: {"code": 200, "data": {"list": [{…}, {…}]}}. A table is every array
 * whose elements are objects, or rows (arrays of values; names of the columns stand beside them or
 * in the first), and every object whose members are alike objects ({"340102": {…}, "340103": {…}}).
 * Nothing is looked for inside a table. A file that holds one object and no table is a table of one
 * row. JSON Lines (an object on each line) is one table.
 *
 * Objects inside a record are taken apart: {"address": {"city": …}} is a column address.city. A
 * wrapper that says nothing (attributes, properties) is left out of the name, and so is what stands
 * before lon, lat, x and y where that is enough to tell them apart. An array of values is a list in
 * one cell; of two numbers, a point. A GeoJSON geometry inside a record is its shape.
 *
 * Columns stand in the order they are first met in any record: an absent member is an empty cell. */
#include "base/json.h"
#include "base/map.h"
#include "exchange/decode.h"
#include "exchange/frame.h"
#include "exchange/scratch.h"

#define BYTES ((size_t)64 << 20) /* of one value; lines may be any number of such */
#define TABLE_DEPTH 12
#define RECORD_DEPTH 12

typedef struct found_table {
    xd_str path;
    const xd_json *rows;  /* array, or object of alike objects */
    const xd_json *names; /* of columns, where rows are arrays; NULL */
} found_table;

typedef struct json_cell {
    xd_cell_kind kind;
    xd_str text;
} json_cell;

typedef struct json_columns {
    xd_arena *arena;
    xd_map *at; /* path → column */
    size_t n;
    xd_strs paths;
    json_cell *cells; /* of the row being made */
} json_columns;

typedef struct json_reader {
    xd_ctx *cx;
    xd_emit *emit;
    XD_VEC(found_table) tables;
} json_reader;

static bool refuse(xd_ctx *cx, xd_code code, xd_str zh, xd_str en)
{
    (void)xd_fail(cx, code, XD_FMT, XD_ARG(en));
    return xd_fail_words(cx, zh, en);
}

static bool is_plain(const xd_json *v)
{
    return v->kind != XD_JSON_ARRAY && v->kind != XD_JSON_OBJECT;
}

/* ---- a record as cells -------------------------------------------------------------------- */

static bool is_geometry(const xd_json *v)
{
    static const char *const kinds[] = {"Point",           "MultiPoint", "LineString",
                                        "MultiLineString", "Polygon",    "MultiPolygon"};
    xd_str type = xd_json_get_str(v, XD_S("type"));
    const xd_json *coordinates = xd_json_get(v, XD_S("coordinates"));
    for (size_t i = 0; i < XD_LEN(kinds); i++) {
        if (coordinates != NULL && coordinates->kind == XD_JSON_ARRAY &&
            xd_str_eq(type, xd_str_of(kinds[i]))) {
            return true;
        }
    }
    return false;
}

static void add_plain(xd_buf *out, const xd_json *v)
{
    if (v->kind == XD_JSON_BOOL) {
        xd_buf_add(out, v->boolean ? XD_S("true") : XD_S("false"));
    } else if (v->kind != XD_JSON_NULL) {
        xd_buf_add(out, v->text);
    }
}

/* Of an object in a list: its first value, the others behind it in brackets. */
static void add_object(xd_buf *out, const xd_json *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->members.n; i++) {
        const xd_json *one = v->members.at[i].value;
        if (is_plain(one) && one->text.n > 0) {
            xd_buf_add(out, n == 0 ? XD_S("") : n == 1 ? XD_S("（") : XD_S("，"));
            add_plain(out, one);
            n++;
        }
    }
    xd_buf_add(out, n > 1 ? XD_S("）") : XD_S(""));
}

/* One cell of a list: 宣纸；宣笔. Two numbers are a point: 117.2,31.8. */
static xd_str list_text(xd_arena *arena, const xd_json *list)
{
    xd_buf out = {.max = XD_CELL_BYTES};
    bool numbers = list->items.n == 2;
    for (size_t i = 0; i < list->items.n; i++) {
        numbers &= list->items.at[i]->kind == XD_JSON_NUMBER;
    }
    for (size_t i = 0; i < list->items.n; i++) {
        const xd_json *one = list->items.at[i];
        size_t before = out.n;
        xd_buf_add(&out, before == 0 ? XD_S("") : numbers ? XD_S(",") : XD_S("；"));
        size_t from = out.n;
        if (is_plain(one)) {
            add_plain(&out, one);
        } else if (one->kind == XD_JSON_OBJECT) {
            add_object(&out, one);
        } else {
            xd_buf_add(&out, list_text(arena, one));
        }
        out.n = out.n == from && !out.failed ? before : out.n;
    }
    xd_str text = xd_buf_copy(&out, arena);
    text.n = xd_utf8_valid(text); /* a list longer than a cell is cut */
    xd_buf_free(&out);
    return text;
}

static bool is_wrapper(xd_str key)
{
    static const char *const words[] = {"attributes", "properties", "fields", "attrs",
                                        "_source",    "node",       "record"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq(key, xd_str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_axis(xd_str key)
{
    static const char *const words[] = {"x", "y", "lon", "lng", "lat", "latitude", "longitude"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq_nocase(key, xd_str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* The column a value belongs to; SIZE_MAX when no further one may be made. */
static size_t column_of(json_columns *c, xd_str path)
{
    size_t *at = xd_map_get(c->at, path);
    if (at == NULL && c->n <= XD_ROW_CELLS) { /* one too many: the emitter refuses it aloud */
        at = xd_new(c->arena, size_t);
        *at = c->n++;
        xd_map_put(c->at, path, at);
        *xd_push(c->arena, &c->paths) = xd_str_copy(c->arena, path);
    }
    return at == NULL ? SIZE_MAX : *at;
}

/* Without cells: only the columns are found. */
static void put(json_columns *c, xd_str path, xd_cell_kind kind, xd_str text)
{
    size_t at = column_of(c, path);
    if (c->cells != NULL && at != SIZE_MAX && c->cells[at].text.n == 0) {
        c->cells[at] = (json_cell){text.n == 0 ? XD_CELL_EMPTY : kind, text};
    }
}

static xd_str geometry_text(xd_arena *arena, const xd_json *v)
{
    xd_buf out = {.max = XD_GEOMETRY_BYTES};
    xd_buf_add(&out, XD_S("{\"type\":"));
    xd_json_plain(&out, xd_json_get(v, XD_S("type")));
    xd_buf_add(&out, XD_S(",\"coordinates\":"));
    xd_json_plain(&out, xd_json_get(v, XD_S("coordinates")));
    xd_buf_add(&out, XD_S("}"));
    xd_str text = out.failed ? (xd_str){0} : xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return text;
}

/* A feature may say that it has no shape; a list whose features all do has no such column. */
static bool is_no_shape(xd_str path, const xd_json *v)
{
    return v->kind == XD_JSON_NULL && xd_str_eq(path, XD_S("geometry"));
}

static void take_apart(xd_arena *arena, json_columns *c, xd_str path, const xd_json *v,
                       int depth)
{
    if (v->kind == XD_JSON_OBJECT && is_geometry(v)) {
        put(c, path.n == 0 ? XD_S("geometry") : path, XD_CELL_GEOMETRY,
            c->cells == NULL ? XD_S("") : geometry_text(arena, v));
    } else if (is_no_shape(path, v)) {
        return;
    } else if (v->kind == XD_JSON_OBJECT && depth < RECORD_DEPTH) {
        for (size_t i = 0; i < v->members.n; i++) {
            const xd_json_member *m = &v->members.at[i];
            bool bare = path.n == 0 || (is_axis(m->key) && is_plain(m->value));
            bool through = is_wrapper(m->key) && m->value->kind == XD_JSON_OBJECT;
            xd_str name =
                through ? path
                : bare  ? m->key
                        : xd_str_printf(arena, XD_FMT "." XD_FMT, XD_ARG(path), XD_ARG(m->key));
            take_apart(arena, c, name, m->value, depth + 1);
        }
    } else if (!is_plain(v)) {
        bool list = v->kind == XD_JSON_ARRAY && c->cells != NULL;
        put(c, path, XD_CELL_TEXT, list ? list_text(arena, v) : XD_S(""));
    } else if (v->kind == XD_JSON_BOOL) {
        put(c, path, XD_CELL_BOOL, v->boolean ? XD_S("true") : XD_S("false"));
    } else {
        put(c, path, v->kind == XD_JSON_NUMBER ? XD_CELL_NUMBER : XD_CELL_TEXT, v->text);
    }
}

/* ---- sending ------------------------------------------------------------------------------ */

static bool send_header(xd_ctx *cx, xd_emit *emit, const json_columns *c, xd_str name,
                        size_t no)
{
    bool ok = xd_emit_begin(cx, emit, name, no, 0, true);
    for (size_t i = 0; ok && i < c->n; i++) {
        ok = xd_emit_cell(cx, emit, XD_CELL_TEXT, xd_str_sub(c->paths.at[i], 0, XD_CELL_BYTES),
                          false);
    }
    return ok && xd_emit_end(cx, emit);
}

static bool send_record(xd_ctx *cx, xd_emit *emit, json_columns *c, const xd_json *record,
                        xd_str key, xd_str name, size_t no, int64_t number)
{
    c->cells = xd_new_n(cx->arena, json_cell, c->n + 1);
    if (key.n > 0) {
        put(c, XD_S("key"), XD_CELL_TEXT, key);
    }
    take_apart(cx->arena, c, XD_S(""), record, 0);
    bool ok = xd_emit_begin(cx, emit, name, no, number, false);
    for (size_t i = 0; ok && i < c->n; i++) {
        ok = xd_emit_cell(cx, emit, c->cells[i].kind, c->cells[i].text, false);
    }
    c->cells = NULL;
    return ok && xd_emit_end(cx, emit);
}

static bool send_objects(json_reader *r, const found_table *t, size_t no, xd_ctx *each)
{
    json_columns c = {.arena = r->cx->arena, .at = xd_map_make(r->cx->arena)};
    bool keyed = t->rows->kind == XD_JSON_OBJECT;
    size_t n = xd_json_len(t->rows);
    if (keyed) {
        (void)column_of(&c, XD_S("key"));
    }
    for (size_t i = 0; i < n; i++) {
        const xd_json *one = keyed ? t->rows->members.at[i].value : t->rows->items.at[i];
        if (one->kind == XD_JSON_OBJECT) {
            take_apart(each->arena, &c, XD_S(""), one, 0);
        }
        xd_ctx_reset(each);
    }
    if (!send_header(each, r->emit, &c, t->path, no)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const xd_json *one = keyed ? t->rows->members.at[i].value : t->rows->items.at[i];
        xd_str key = keyed ? t->rows->members.at[i].key : XD_S("");
        xd_ctx_reset(each);
        if (one->kind == XD_JSON_OBJECT &&
            !send_record(each, r->emit, &c, one, key, t->path, no, (int64_t)i + 1)) {
            return false;
        }
    }
    return true;
}

static bool send_values(xd_ctx *cx, xd_emit *emit, const xd_json *row, xd_str name, size_t no,
                        int64_t number)
{
    bool ok = xd_emit_begin(cx, emit, name, no, number, false);
    for (size_t i = 0; ok && i < xd_json_len(row); i++) {
        const xd_json *one = xd_json_at(row, i);
        xd_buf out = {.max = XD_CELL_BYTES};
        if (is_plain(one)) {
            add_plain(&out, one);
        } else if (one->kind == XD_JSON_ARRAY) {
            xd_buf_add(&out, list_text(cx->arena, one));
        } else {
            add_object(&out, one);
        }
        xd_str text = xd_buf_str(&out);
        xd_cell_kind kind = one->kind == XD_JSON_NUMBER ? XD_CELL_NUMBER : XD_CELL_TEXT;
        ok = !out.failed
                 ? xd_emit_cell(cx, emit, text.n == 0 ? XD_CELL_EMPTY : kind, text, false)
                 : xd_fail(cx, XD_LIMIT, "json: a cell of more than 1 MB");
        xd_buf_free(&out);
    }
    return ok && xd_emit_end(cx, emit);
}

static bool send_arrays(json_reader *r, const found_table *t, size_t no, xd_ctx *each)
{
    bool ok = t->names == NULL || send_values(each, r->emit, t->names, t->path, no, 1);
    for (size_t i = 0; ok && i < xd_json_len(t->rows); i++) {
        const xd_json *row = t->rows->items.at[i];
        xd_ctx_reset(each);
        ok = row->kind != XD_JSON_ARRAY ||
             send_values(each, r->emit, row, t->path, no, (int64_t)i + 1 + (t->names != NULL));
    }
    return ok;
}

static bool send_table(json_reader *r, const found_table *t, size_t no)
{
    xd_ctx each;
    xd_scratch_begin(&each, r->cx);
    bool arrays =
        t->rows->kind == XD_JSON_ARRAY && xd_json_at(t->rows, 0)->kind == XD_JSON_ARRAY;
    bool ok = arrays ? send_arrays(r, t, no, &each) : send_objects(r, t, no, &each);
    ok = ok || xd_scratch_fail(r->cx, &each);
    xd_ctx_end(&each);
    return ok;
}

/* ---- where the tables are ----------------------------------------------------------------- */

/* Most elements are of this kind. */
static bool holds_mostly(const xd_json *array, xd_json_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < array->items.n; i++) {
        n += array->items.at[i]->kind == kind;
    }
    return n > 0 && n * 2 > array->items.n && array->items.at[0]->kind == kind;
}

static bool holds_tables(const xd_json *object)
{
    for (size_t i = 0; i < object->members.n; i++) {
        const xd_json *v = object->members.at[i].value;
        if (v->kind == XD_JSON_ARRAY && holds_mostly(v, XD_JSON_OBJECT)) {
            return true;
        }
    }
    return false;
}

/* {"340102": {"name": …}, "340103": {"name": …}} */
static bool is_keyed_table(const xd_json *object)
{
    const xd_json *first = object->members.n < 2 ? NULL : object->members.at[0].value;
    if (first == NULL || first->kind != XD_JSON_OBJECT || first->members.n < 2) {
        return false;
    }
    for (size_t i = 0; i < object->members.n; i++) {
        const xd_json *one = object->members.at[i].value;
        if (one->kind != XD_JSON_OBJECT || holds_tables(one) ||
            xd_json_get(one, first->members.at[0].key) == NULL ||
            xd_json_get(one, first->members.at[1].key) == NULL) {
            return false;
        }
    }
    return true;
}

/* Names of columns beside rows: as many texts as the first row has values. */
static const xd_json *names_beside(const xd_json *object, const xd_json *rows)
{
    size_t wide = xd_json_len(xd_json_at(rows, 0));
    for (size_t i = 0; object != NULL && i < object->members.n; i++) {
        const xd_json *v = object->members.at[i].value;
        if (v != rows && v->kind == XD_JSON_ARRAY && v->items.n == wide &&
            holds_mostly(v, XD_JSON_STRING)) {
            return v;
        }
    }
    return NULL;
}

static void find_tables(json_reader *r, xd_str path, const xd_json *parent, const xd_json *v,
                        int depth)
{
    found_table t = {.path = path, .rows = v};
    if (depth > TABLE_DEPTH || r->tables.n >= XD_SHEETS || is_plain(v)) {
        return;
    }
    if (v->kind == XD_JSON_ARRAY && holds_mostly(v, XD_JSON_ARRAY)) {
        t.names = names_beside(parent, v);
        *xd_push(r->cx->arena, &r->tables) = t;
    } else if ((v->kind == XD_JSON_ARRAY && holds_mostly(v, XD_JSON_OBJECT)) ||
               (v->kind == XD_JSON_OBJECT && is_keyed_table(v))) {
        *xd_push(r->cx->arena, &r->tables) = t;
    }
    bool taken = r->tables.n > 0 && r->tables.at[r->tables.n - 1].rows == v;
    for (size_t i = 0; !taken && i < v->members.n; i++) {
        const xd_json_member *m = &v->members.at[i];
        xd_str name = path.n == 0 ? m->key
                                  : xd_str_printf(r->cx->arena, XD_FMT "." XD_FMT, XD_ARG(path),
                                                  XD_ARG(m->key));
        find_tables(r, name, v, m->value, depth + 1);
    }
}

/* The object that holds most values of its own: a file of one record. */
static const xd_json *fullest(const xd_json *v, size_t *ret_n, int depth)
{
    const xd_json *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < v->members.n; i++) {
        most += is_plain(v->members.at[i].value);
    }
    best = most > 1 ? v : NULL;
    for (size_t i = 0; depth < TABLE_DEPTH && i < v->members.n; i++) {
        size_t n = 0;
        const xd_json *inner = fullest(v->members.at[i].value, &n, depth + 1);
        if (inner != NULL && n > most) {
            best = inner;
            most = n;
        }
    }
    *ret_n = most;
    return best;
}

static bool nothing_in_it(xd_ctx *cx)
{
    return refuse(
        cx, XD_UNREADABLE, XD_S("JSON 里没有逐条的记录（对象的数组），不是能导入的表格。"),
        XD_S("The JSON holds no list of records (an array of objects): it is no table "
             "that can be imported."));
}

static bool read_whole(json_reader *r, xd_str text)
{
    const xd_json *root = NULL;
    if (text.n > BYTES) {
        return refuse(
            r->cx, XD_LIMIT,
            XD_S("JSON 文件超过 64 MB，请分成几个文件，或改用一行一条的 JSON Lines 或 "
                 "CSV。"),
            XD_S("The JSON file is larger than 64 MB: split it, or use JSON Lines (one "
                 "record a line) or CSV."));
    }
    if (!xd_json_read(r->cx, text, &root)) {
        return xd_fail_note(r->cx, "reading JSON");
    }
    find_tables(r, XD_S(""), NULL, root, 0);
    size_t n = 0;
    const xd_json *one = r->tables.n == 0 ? fullest(root, &n, 0) : NULL;
    if (one != NULL) {
        xd_json *rows = xd_json_array(r->cx->arena);
        xd_json_add(r->cx->arena, rows, one);
        *xd_push(r->cx->arena, &r->tables) = (found_table){.rows = rows};
    }
    for (size_t i = 0; i < r->tables.n; i++) {
        if (!send_table(r, &r->tables.at[i], i) ||
            !xd_emit_progress(r->cx, r->emit, (int64_t)(text.n / r->tables.n * (i + 1)))) {
            return false;
        }
    }
    return r->tables.n > 0 || nothing_in_it(r->cx);
}

/* ---- JSON Lines ---------------------------------------------------------------------------- */

/* The first line is a value by itself, and another one follows. */
static bool is_lines(xd_ctx *cx, xd_str text)
{
    xd_str line;
    const xd_json *value = NULL;
    xd_ctx scratch;
    xd_scratch_begin(&scratch, cx);
    bool first = xd_str_cut(&text, '\n', &line) && line.n <= BYTES &&
                 xd_json_read(&scratch, line, &value) && value->kind == XD_JSON_OBJECT;
    xd_ctx_end(&scratch);
    text = xd_str_trim(text);
    return first && xd_str_starts(text, XD_S("{"));
}

/* One pass over the lines: without `sends` it finds the columns. */
static bool each_line(json_reader *r, xd_str text, json_columns *c, bool sends)
{
    xd_ctx each;
    xd_scratch_begin(&each, r->cx);
    xd_str line, rest = text;
    int64_t number = 0;
    bool ok = true;
    while (ok && xd_str_cut(&rest, '\n', &line)) {
        const xd_json *value = NULL;
        number++;
        line = xd_str_trim(line);
        if (line.n == 0) {
            continue;
        }
        xd_ctx_reset(&each);
        if (line.n > BYTES || !xd_json_read(&each, line, &value) ||
            value->kind != XD_JSON_OBJECT) {
            (void)xd_err_take(&each);
            ok = refuse(&each, XD_UNREADABLE,
                        xd_str_printf(each.arena,
                                      "JSON Lines 第 %" PRId64 " 行不是一条完整的记录。",
                                      number),
                        xd_str_printf(each.arena,
                                      "Line %" PRId64 " of the JSON Lines is no whole record.",
                                      number));
        } else if (sends) {
            ok = send_record(&each, r->emit, c, value, XD_S(""), XD_S(""), 0, number) &&
                 (number % 1000 != 0 ||
                  xd_emit_progress(&each, r->emit, (int64_t)(text.n - rest.n)));
        } else {
            take_apart(each.arena, c, XD_S(""), value, 0);
        }
    }
    ok = ok || xd_scratch_fail(r->cx, &each);
    xd_ctx_end(&each);
    return ok;
}

static bool read_lines(json_reader *r, xd_str text)
{
    json_columns c = {.arena = r->cx->arena, .at = xd_map_make(r->cx->arena)};
    return each_line(r, text, &c, false) && send_header(r->cx, r->emit, &c, XD_S(""), 0) &&
           each_line(r, text, &c, true);
}

/* ---- the file ------------------------------------------------------------------------------ */

static bool decode(xd_ctx *cx, const xd_encoding *encoding, xd_str bytes, xd_buf *out)
{
    xd_decoder *decoder = NULL;
    bool end = false, ok = xd_decoder_open(cx, encoding, bytes, &decoder);
    while (ok && !end) {
        ok = xd_decoder_next(cx, decoder, out, &end);
        if (out->failed) {
            return refuse(cx, XD_LIMIT, XD_S("JSON 文件太大，请分成几个文件。"),
                          XD_S("The JSON file is too large: split it."));
        }
    }
    return ok;
}

bool xd_read_json(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    json_reader r = {.cx = cx, .emit = emit};
    xd_encoding encoding;
    xd_buf text = {.max = (size_t)256 << 20};
    if (!xd_encoding_find(cx, in->encoding, in->bytes, &encoding)) {
        return false;
    }
    bool ok = decode(cx, &encoding, in->bytes, &text);
    if (ok) {
        xd_str all = xd_str_trim(xd_buf_str(&text));
        bool lines = is_lines(cx, all);
        xd_source_facts facts = {.format = lines ? XD_S("jsonl") : XD_S("json"),
                                 .encoding = xd_str_of(encoding.name),
                                 .encoding_sure = encoding.sure};
        ok = (lines ? read_lines(&r, all) : read_whole(&r, all)) &&
             xd_emit_facts(cx, emit, &facts);
    }
    xd_buf_free(&text);
    return ok;
}
