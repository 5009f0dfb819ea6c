/* The API's own description, OpenAPI 3.0.3: made once a language from the same tables that
 * answer. Desktop clients read from it which parameters a collection takes, so every queryable
 * stands there by name. */
#include "web/api.h"

typedef struct say {
    const char *zh, *en;
} say;

/* ---- parameters ---------------------------------------------------------------------------- */

static const struct {
    const char *key, *name, *in, *schema;
    say what;
} params[] = {
    {"q",
     "q",                       "query",
     "{\"type\":\"string\",\"maxLength\":1000}",                                               {"检索词：全部词都要有，次序不限；加引号为短语。",
      "Words: all of them, in any order; quotes make a phrase."}                                                                                 },
    {"filter",
     "filter",                  "query",
     "{\"type\":\"string\"}",                                                                  {"CQL2 条件。", "A CQL2 condition."}                                                           },
    {"filter-lang",
     "filter-lang",             "query",
     "{\"type\":\"string\",\"enum\":[\"cql2-text\",\"cql2-json\"],\"default\":\"cql2-text\"}", {"filter 的写法。", "How the filter is written."}                                             },
    {"filter-crs",
     "filter-crs",              "query",
     NULL,                                                                                     {"filter 中坐标的坐标系。", "CRS of the positions in the filter."}                        },
    {"certain",
     "certain",                 "query",
     "{\"type\":\"boolean\",\"default\":false}",                                               {"年代不确切时：true 只要一定符合的，false 也要可能符合的。",
      "Where dates are uncertain: true for what must hold, false for what may."}                                                                 },
    {"on",
     "on",                      "query",
     "{\"type\":\"string\",\"format\":\"date\"}",                                              {"当天有效的（只用于有有效期的类别）。",
      "What was in force on that day; for collections whose records have a validity."}                                                          },
    {"bbox",
     "bbox",                    "query",
     "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":6}",     {"范围：西,南,东,北；没有位置的记录总是在内。",
      "west,south,east,north; records without a place always match."}                                  },
    {"bbox-crs",    "bbox-crs", "query",  NULL,                                                {"bbox 的坐标系。", "CRS of the bbox."}                                                      },
    {"datetime",
     "datetime",                "query",
     "{\"type\":\"string\"}",                                                                  {"时刻或时段（RFC 3339）；没有年代的记录总是在内。",
      "An instant or interval (RFC 3339); records without a date always match."}                                                                                    },
    {"sortby",
     "sortby",                  "query",
     "{\"type\":\"string\"}",                                                                  {"排序项，逗号分开，前加 - 为倒序。",
      "Keys to sort by, with commas; - before one reverses it."}                                                                                                    },
    {"limit",
     "limit",                   "query",
     "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":10}",                   {"一页多少条，超过最大值按最大值。",
      "Records in a page; more than the most means the most."}                                                       },
    {"cursor",
     "cursor",                  "query",
     "{\"type\":\"string\"}",                                                                  {"下一页的记号，取自 next 链接。", "Where a page begins, from the next link."}        },
    {"facets",
     "facets",                  "query",
     "{\"type\":\"string\"}",                                                                  {"要统计的项，逗号分开，* 为全部。", "Fields to count by, with commas; * for all."}},
    {"computed",
     "computed",                "query",
     "{\"type\":\"boolean\",\"default\":false}",                                               {"也给出现算的值（灯等），属性名以 computed_ 开头。",
      "Values worked out from other records (lights and others) too, as computed_… "
      "properties."}                                                                                                                             },
    {"crs",         "crs",      "query",  NULL,                                                {"回答所用坐标系。", "CRS of the answer."}                                                },
    {"colour",
     "colour",                  "query",
     "{\"type\":\"string\"}",                                                                  {"按哪一项给瓦片里的点着色。", "The field a tile's `value` is of."}                  },
    {"f",           "f",        "query",  "{\"type\":\"string\",\"enum\":[\"json\"]}",         {"格式。", "The format."}                                                                      },
    {"position",
     "Xiudai-Position",         "header",
     "{\"type\":\"string\",\"maxLength\":64}",                                                 {"自己写入时得到的标记：回答里一定有那次写入；服务器还没读到就先等，等不到回 503 和 "
      "Retry-After。回答带回新的标记。",
      "The mark a write gave: the answer holds that write; a server that is behind waits, or "
      "says 503 with Retry-After. "
      "The answer carries a newer mark."}                                                                                                          },
    {"id",
     "id",                      "path",
     "{\"type\":\"string\"}",                                                                  {"记录的编号或记录号。", "A record's number or id."}                                    },
    {"z",
     "z",                       "path",
     "{\"type\":\"integer\",\"minimum\":0,\"maximum\":22}",                                    {"级别。", "Zoom."}                                                                            },
    {"row",
     "row",                     "path",
     "{\"type\":\"integer\",\"minimum\":0}",                                                   {"行，自北向南。", "Row, from the north."}                                                 },
    {"col",
     "col",                     "path",
     "{\"type\":\"integer\",\"minimum\":0}",                                                   {"列，自西向东。", "Column, from the west."}                                               },
};

static void put_param(xd_buf *out, size_t i, xd_lang lang)
{
    xd_buf_printf(out, "\"%s\":{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s,", params[i].key,
                  params[i].name, params[i].in, params[i].in[0] == 'p' ? "true" : "false");
    xd_put_key(out, "description");
    xd_buf_json(out, xd_str_of(lang == XD_EN ? params[i].what.en : params[i].what.zh), false);
    if (strcmp(params[i].name, "bbox") == 0) {
        xd_put(out, ",\"style\":\"form\",\"explode\":false");
    }
    xd_put(out, ",\"schema\":");
    if (params[i].schema != NULL) {
        xd_put(out, params[i].schema);
    } else {
        xd_put(out, "{\"type\":\"string\",\"format\":\"uri\",\"enum\":[");
        for (size_t k = 0; k < xd_n_api_crs; k++) {
            xd_buf_printf(out, "%s\"" XD_FMT "\"", k == 0 ? "" : ",", XD_ARG(xd_api_crs[k]));
        }
        xd_buf_printf(out, "],\"default\":\"" XD_FMT "\"}", XD_ARG(xd_api_crs[0]));
    }
    xd_buf_byte(out, '}');
}

/* ---- operations ---------------------------------------------------------------------------- */

typedef struct operation {
    const char *path, *id, *tag;
    say summary, description;
    const char *params; /* keys, blank-separated */
    const char *media;
    const char *schema;     /* a component; "*" in it becomes the collection's */
    bool queryables, empty; /* empty: 204 is an answer too */
} operation;

#define FILTERS "q filter filter-lang filter-crs certain on bbox bbox-crs datetime f position"

static const operation common[] = {
    {"/",
     "landing",     "api",
     {"首页", "Landing page"},
     {"接口的入口和链接。", "Where the API begins."},
     "f",                  XD_JSON_MEDIA,
     "Landing",                                     false,
     false                                                     },
    {"/conformance",
     "conformance", "api",
     {"所依标准", "Standards kept"},
     {"符合的各级要求。", "Conformance classes."},
     "f",                  XD_JSON_MEDIA,
     "Conformance",                                 false,
     false                                                     },
    {"/openapi.json",
     "description", "api",
     {"接口说明", "This description"},
     {"OpenAPI 3.0 说明。", "The OpenAPI 3.0 description."},
     "f",                  XD_OPEN_API_MEDIA,
     "Any",                                         false,
     false                                                     },
    {"/collections",
     "collections", "api",
     {"各类记录", "Record types"},
     {"全部集合。", "All collections."},
     "f",                  XD_JSON_MEDIA,
     "Collections",                                 false,
     false                                                     },
    {"/suggest",
     "suggest",     "api",
     {"补全", "Completions"},
     {"按汉字、拼音、首字母补全。", "By characters, pinyin or initials."},
     "q limit f position", XD_JSON_MEDIA,
     "Suggestions",                                 false,
     false                                                     },
    {"/tiles",
     "tilesets",    "tiles",
     {"瓦片集", "Tile sets"},
     {"各类合在一起的瓦片集。", "Of all types together."},
     "f",                  XD_JSON_MEDIA,
     "Any",                                         false,
     false                                                     },
    {"/tiles/WebMercatorQuad",
     "tileset",     "tiles",
     {"瓦片集", "Tile set"},
     {"各类合在一起。", "Of all types together."},
     "f",                  XD_JSON_MEDIA,
     "Any",                                         false,
     false                                                     },
    {"/tiles/WebMercatorQuad/{z}/{row}/{col}",
     "tile",        "tiles",
     {"瓦片", "Tile"},
     {"Mapbox 矢量瓦片，行在前，列在后。", "A Mapbox vector tile; row before column."},
     "z row col " FILTERS,
     XD_MVT_MEDIA,                            NULL,
     false,                                                true},
    {"/tilejson",
     "tilejson",    "tiles",
     {"TileJSON", "TileJSON"},
     {"给地图软件的说明。", "For map libraries."},
     FILTERS,              XD_JSON_MEDIA,
     "Any",                                         false,
     false                                                     },
    {"/tileMatrixSets",
     "matrixSets",  "tiles",
     {"切片方案", "Tiling schemes"},
     {"只有一种。", "There is one."},
     "f",                  XD_JSON_MEDIA,
     "Any",                                         false,
     false                                                     },
    {"/tileMatrixSets/WebMercatorQuad",
     "matrixSet",   "tiles",
     {"切片方案", "Tiling scheme"},
     {"WebMercatorQuad。", "WebMercatorQuad."},
     "f",                  XD_JSON_MEDIA,
     "Any",                                         false,
     false                                                     },
};

static const operation of_type[] = {
    {"",
     "collection", NULL,
     {"集合", "Collection"},
     {"一类记录的说明。", "What this collection is."},
     "f",                                                XD_JSON_MEDIA,
     "Collection",                                                                      false,
     false                                                                                          },
    {"/items",
     "items",      NULL,
     {"记录", "Records"},
     {"每一项可筛选的属性都是一个参数，重复写为“或”，空值为“未知”。",
      "Every property that can be filtered by is a parameter; repeated it means either, empty "
      "it "
      "means unknown."},
     FILTERS " sortby limit cursor facets computed crs",
     XD_GEOJSON_MEDIA,                                                     "*Features",
     true,                                                                                     false},
    {"/items/{id}",
     "item",       NULL,
     {"一条记录", "One record"},
     {"GeoJSON 要素。", "A GeoJSON feature."},
     "id computed crs f position",                       XD_GEOJSON_MEDIA,
     "*Feature",                                                                        false,
     false                                                                                          },
    {"/queryables",
     "queryables", NULL,
     {"可筛选的属性", "Queryables"},
     {"JSON Schema。", "A JSON Schema."},
     "f",                                                XD_SCHEMA_MEDIA,
     "Any",                                                                             false,
     false                                                                                          },
    {"/schema",
     "schema",     NULL,
     {"属性", "Schema"},
     {"JSON Schema。", "A JSON Schema."},
     "f",                                                XD_SCHEMA_MEDIA,
     "Any",                                                                             false,
     false                                                                                          },
    {"/sortables",
     "sortables",  NULL,
     {"可排序的属性", "Sortables"},
     {"JSON Schema。", "A JSON Schema."},
     "f",                                                XD_SCHEMA_MEDIA,
     "Any",                                                                             false,
     false                                                                                          },
    {"/facets",
     "facets",     NULL,
     {"统计", "Counts by value"},
     {"各项取值的条数，不计该项自己的条件。",
      "Each field's own condition is left out of its counts."},
     FILTERS " facets",
     XD_JSON_MEDIA,                                                        "Facets",
     true,                                                                                     false},
    {"/cells/{z}",
     "cells",      NULL,
     {"按方格计数", "Counts by squares"},
     {"地图瓦片方格（1 到 12 级）里各有多少条；roughly 是其中只知县的。",
      "How many are in each square, which is the tile z/row/col of zooms 1 to 12; roughly: of "
      "these, known to the county only."},
     "z colour " FILTERS,
     XD_GEOJSON_MEDIA,                                                     "Any",
     true,                                                                                     false},
    {"/suggest",
     "suggest",    NULL,
     {"补全", "Completions"},
     {"按汉字、拼音、首字母补全。", "By characters, pinyin or initials."},
     "q limit f",                                        XD_JSON_MEDIA,
     "Suggestions",                                                                     false,
     false                                                                                          },
    {"/tiles",
     "tilesets",   NULL,
     {"瓦片集", "Tile sets"},
     {"这一类的瓦片集。", "Of this collection."},
     "f",                                                XD_JSON_MEDIA,
     "Any",                                                                             false,
     false                                                                                          },
    {"/tiles/WebMercatorQuad",
     "tileset",    NULL,
     {"瓦片集", "Tile set"},
     {"这一类的瓦片集。", "Of this collection."},
     "f",                                                XD_JSON_MEDIA,
     "Any",                                                                             false,
     false                                                                                          },
    {"/tiles/WebMercatorQuad/{z}/{row}/{col}",
     "tile",       NULL,
     {"瓦片", "Tile"},
     {"Mapbox 矢量瓦片，行在前，列在后。", "A Mapbox vector tile; row before column."},
     "z row col colour " FILTERS,
     XD_MVT_MEDIA,                                                         NULL,
     true,                                                                                     true },
    {"/tilejson",
     "tilejson",   NULL,
     {"TileJSON", "TileJSON"},
     {"给地图软件的说明。", "For map libraries."},
     "colour " FILTERS,
     XD_JSON_MEDIA,                                                        "Any",
     true,                                                                                     false},
};

typedef struct writer {
    xd_buf *out;
    xd_lang lang;
    const xd_type *type; /* NULL: of all */
    const xd_props *props;
} writer;

static void put_say(writer *w, const char *key, say what)
{
    xd_put_key(w->out, key);
    xd_buf_json(w->out, xd_str_of(w->lang == XD_EN ? what.en : what.zh), false);
    xd_buf_byte(w->out, ',');
}

/* Component keys are of A–Z a–z 0–9 . - _ and so are paths and names of the model. */
static void put_params(writer *w, const operation *op)
{
    xd_str rest = xd_str_of(op->params), key;
    bool first = true;
    xd_put(w->out, "\"parameters\":[");
    while (xd_str_cut(&rest, ' ', &key)) {
        xd_buf_printf(w->out, "%s{\"$ref\":\"#/components/parameters/" XD_FMT "\"}",
                      first ? "" : ",", XD_ARG(key));
        first = false;
    }
    for (size_t i = 0; op->queryables && i < w->props->n_queryables; i++) {
        xd_buf_printf(w->out, ",{\"$ref\":\"#/components/parameters/" XD_FMT "." XD_FMT "\"}",
                      XD_ARG(w->type->path), XD_ARG(w->props->queryables[i].name));
    }
    xd_put(w->out, "],");
}

static void put_schema_ref(writer *w, const char *schema)
{
    xd_put(w->out, "{\"$ref\":\"#/components/schemas/");
    if (schema[0] == '*') {
        xd_buf_printf(w->out, XD_FMT ".%s", XD_ARG(w->type->path), schema + 1);
    } else {
        xd_put(w->out, schema);
    }
    xd_put(w->out, "\"}");
}

static void put_operation(writer *w, const operation *op)
{
    xd_buf *out = w->out;
    if (w->type == NULL) {
        xd_buf_printf(out, "\"%s\":{\"get\":{\"operationId\":\"%s\",\"tags\":[\"%s\"],",
                      op->path, op->id, op->tag);
    } else {
        xd_buf_printf(out,
                      "\"/collections/" XD_FMT "%s\":{\"get\":{\"operationId\":\"" XD_FMT
                      ".%s\",\"tags\":[\"" XD_FMT "\"],",
                      XD_ARG(w->type->path), op->path, XD_ARG(w->type->path), op->id,
                      XD_ARG(w->type->path));
    }
    put_say(w, "summary", op->summary);
    put_say(w, "description", op->description);
    put_params(w, op);
    xd_put(out, "\"responses\":{\"200\":{\"description\":\"OK\",\"content\":{");
    xd_buf_printf(out, "\"%s\":{\"schema\":", op->media);
    if (op->schema == NULL) {
        xd_put(out, "{\"type\":\"string\",\"format\":\"binary\"}");
    } else {
        put_schema_ref(w, op->schema);
    }
    xd_put(out, "}}},");
    xd_put(out, op->empty ? "\"204\":{\"description\":\"Empty\"}," : "");
    xd_put(out, "\"400\":{\"$ref\":\"#/components/responses/Refused\"},"
                "\"404\":{\"$ref\":\"#/components/responses/Absent\"},"
                "\"500\":{\"$ref\":\"#/components/responses/Failed\"}}}}");
}

/* ---- components ---------------------------------------------------------------------------- */

static const char fixed_schemas[] =
    "\"Any\":{\"type\":\"object\",\"additionalProperties\":true},"
    "\"Link\":{\"type\":\"object\",\"required\":[\"href\",\"rel\"],\"properties\":{"
    "\"href\":{\"type\":\"string\"},\"rel\":{\"type\":\"string\"},\"type\":{\"type\":"
    "\"string\"},"
    "\"title\":{\"type\":\"string\"},\"templated\":{\"type\":\"boolean\"}}},"
    "\"Links\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Link\"}},"
    "\"Landing\":{\"type\":\"object\",\"required\":[\"links\"],\"properties\":{"
    "\"title\":{\"type\":\"string\"},\"description\":{\"type\":\"string\"},"
    "\"links\":{\"$ref\":\"#/components/schemas/Links\"}}},"
    "\"Conformance\":{\"type\":\"object\",\"required\":[\"conformsTo\"],\"properties\":{"
    "\"conformsTo\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}},"
    "\"Collection\":{\"type\":\"object\",\"required\":[\"id\",\"links\"],\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"description\":{\"type\":\"string\"},\"itemType\":{\"type\":\"string\"},"
    "\"extent\":{\"$ref\":\"#/components/schemas/Any\"},"
    "\"crs\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"storageCrs\":{\"type\":\"string\"},"
    "\"links\":{\"$ref\":\"#/components/schemas/Links\"}}},"
    "\"Collections\":{\"type\":\"object\",\"required\":[\"links\",\"collections\"],"
    "\"properties\":{\"links\":{\"$ref\":\"#/components/schemas/Links\"},"
    "\"collections\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
    "Collection\"}}}},"
    "\"Geometry\":{\"type\":\"object\",\"nullable\":true,\"required\":[\"type\","
    "\"coordinates\"],"
    "\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"Point\",\"MultiPoint\","
    "\"LineString\",\"MultiLineString\",\"Polygon\",\"MultiPolygon\"]},"
    "\"coordinates\":{\"type\":\"array\",\"items\":{}}}},"
    "\"Facets\":{\"type\":\"object\",\"properties\":{\"numberMatched\":{\"type\":\"integer\"},"
    "\"withoutPlace\":{\"type\":\"integer\"},\"facets\":{\"$ref\":\"#/components/schemas/"
    "Counts\"}}},"
    "\"Counts\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\","
    "\"properties\":{"
    "\"title\":{\"type\":\"string\"},\"approximate\":{\"type\":\"boolean\"},"
    "\"counts\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"value\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},"
    "\"count\":{\"type\":\"integer\"}}}}}}},"
    "\"Suggestions\":{\"type\":\"object\",\"properties\":{\"suggestions\":{\"type\":\"array\","
    "\"items\":{\"type\":\"object\",\"required\":[\"text\",\"count\"],\"properties\":{"
    "\"text\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},\"id\":{\"type\":"
    "\"integer\"},"
    "\"count\":{\"type\":\"integer\"}}}}}},"
    "\"Problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"title\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"}}}";

static void put_feature_schemas(writer *w)
{
    xd_buf *out = w->out;
    xd_buf_printf(
        out,
        ",\"" XD_FMT ".Feature\":{\"type\":\"object\",\"required\":[\"type\",\"id\","
        "\"geometry\",\"properties\"],\"properties\":{\"type\":{\"type\":\"string\","
        "\"enum\":[\"Feature\"]},\"id\":{\"type\":\"integer\"},\"geometry\":{\"$ref\":"
        "\"#/components/schemas/Geometry\"},\"links\":{\"$ref\":"
        "\"#/components/schemas/Links\"},\"properties\":{\"type\":\"object\",\"properties\":",
        XD_ARG(w->type->path));
    xd_schema_props(out, w->props->at, w->props->n, w->lang, XD_SCHEMA_OPEN_API);
    xd_buf_printf(out,
                  "}}},\"" XD_FMT ".Features\":{\"type\":\"object\",\"required\":[\"type\","
                  "\"features\"],\"properties\":{\"type\":{\"type\":\"string\",\"enum\":"
                  "[\"FeatureCollection\"]},\"numberMatched\":{\"type\":\"integer\"},"
                  "\"numberReturned\":{\"type\":\"integer\"},\"links\":{\"$ref\":"
                  "\"#/components/schemas/Links\"},\"facets\":{\"$ref\":"
                  "\"#/components/schemas/Counts\"},\"features\":{\"type\":\"array\",\"items\":"
                  "{\"$ref\":\"#/components/schemas/" XD_FMT ".Feature\"}}}}",
                  XD_ARG(w->type->path), XD_ARG(w->type->path));
}

static void put_queryable_params(writer *w)
{
    for (size_t i = 0; i < w->props->n_queryables; i++) {
        const xd_queryable *q = &w->props->queryables[i];
        xd_buf_printf(w->out,
                      ",\"" XD_FMT "." XD_FMT "\":{\"name\":\"" XD_FMT
                      "\",\"in\":\"query\",\"required\":false,\"description\":",
                      XD_ARG(w->type->path), XD_ARG(q->name), XD_ARG(q->name));
        xd_buf_json(w->out, q->title[w->lang], false);
        xd_put(w->out, ",\"schema\":{");
        xd_schema_queryable(w->out, q);
        xd_put(w->out, "}}");
    }
}

static void put_response(xd_buf *out, const char *name, const char *what)
{
    xd_buf_printf(out,
                  "\"%s\":{\"description\":\"%s\",\"content\":{\"application/problem+json\":"
                  "{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}",
                  name, what);
}

/* ---- the document -------------------------------------------------------------------------- */

static void put_info(xd_ctx *cx, const xd_app *app, writer *w)
{
    xd_buf *out = w->out;
    const xd_json *site = xd_model_site(app->model);
    xd_str title = xd_json_get_str(xd_json_get(site, XD_S("name")), xd_lang_tag[w->lang]);
    xd_str what = xd_json_get_str(xd_json_get(site, XD_S("service")), xd_lang_tag[w->lang]);
    xd_put(out, "{\"openapi\":\"3.0.3\",\"info\":{\"title\":");
    xd_buf_json(out, title.p == NULL ? XD_S("API") : title, false);
    xd_put(out, ",\"version\":\"1.0.0\",\"description\":");
    xd_buf_json(out, what.p == NULL ? XD_S("OGC API") : what, false);
    xd_put(out, ",\"contact\":{\"name\":");
    xd_buf_json(out, title.p == NULL ? XD_S("API") : title, false);
    xd_put(out, ",\"url\":");
    xd_buf_json(out, xd_api_site(cx, app), false);
    xd_put(out, "},\"license\":{\"name\":\"Apache-2.0\","
                "\"url\":\"https://www.apache.org/licenses/LICENSE-2.0\"}},"
                "\"servers\":[{\"url\":");
    xd_buf_json(out, xd_str_join(cx->arena, xd_api_site(cx, app), XD_S("/api")), false);
    xd_put(out, "}],\"security\":[],\"tags\":[");
    xd_put(out, w->lang == XD_EN
                    ? "{\"name\":\"api\",\"description\":\"The API itself\"},"
                      "{\"name\":\"tiles\",\"description\":\"Vector tiles of all types\"}"
                    : "{\"name\":\"api\",\"description\":\"接口本身\"},"
                      "{\"name\":\"tiles\",\"description\":\"各类合在一起的矢量瓦片\"}");
    for (size_t i = 0; i < xd_model_types(app->model); i++) {
        const xd_type *type = xd_model_type(app->model, i);
        xd_put(out, ",{\"name\":");
        xd_buf_json(out, type->path, false);
        xd_put(out, ",\"description\":");
        xd_buf_json(out, xd_label_in(&type->label, w->lang), false);
        xd_buf_byte(out, '}');
    }
    xd_put(out, "],");
}

static void for_type(writer *w, const xd_app *app, size_t i)
{
    w->type = i == SIZE_MAX ? NULL : xd_model_type(app->model, i);
    w->props = w->type == NULL ? NULL : &app->room->props[w->type->at];
}

void xd_open_api_write(xd_ctx *cx, const xd_app *app, xd_buf *out)
{
    writer w = {.out = out, .lang = cx->lang};
    size_t types = xd_model_types(app->model);
    put_info(cx, app, &w);
    xd_put(out, "\"paths\":{");
    for (size_t i = 0; i < XD_LEN(common); i++) {
        xd_put(out, i == 0 ? "" : ",");
        put_operation(&w, &common[i]);
    }
    for (size_t t = 0; t < types; t++) {
        for_type(&w, app, t);
        for (size_t i = 0; i < XD_LEN(of_type); i++) {
            xd_buf_byte(out, ',');
            put_operation(&w, &of_type[i]);
        }
    }
    xd_put(out, "},\"components\":{\"schemas\":{");
    xd_put(out, fixed_schemas);
    for (size_t t = 0; t < types; t++) {
        for_type(&w, app, t);
        put_feature_schemas(&w);
    }
    xd_put(out, "},\"parameters\":{");
    for (size_t i = 0; i < XD_LEN(params); i++) {
        xd_put(out, i == 0 ? "" : ",");
        put_param(out, i, w.lang);
    }
    for (size_t t = 0; t < types; t++) {
        for_type(&w, app, t);
        put_queryable_params(&w);
    }
    xd_put(out, "},\"responses\":{");
    put_response(out, "Refused", "A parameter cannot be right; the detail says which and why");
    xd_buf_byte(out, ',');
    put_response(out, "Absent", "There is nothing at this address");
    xd_buf_byte(out, ',');
    put_response(out, "Failed", "Something failed here");
    xd_put(out, "}}}\n");
}
