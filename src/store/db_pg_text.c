/* What of speaking with PostgreSQL is text alone. */
#include "base/buf.h"
#include "store/engine.h"

/* ---- statements ---- */

static bool is_name(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static size_t name_end(xd_str s, size_t i)
{
    while (i < s.n && is_name(s.p[i])) {
        i++;
    }
    return i;
}

/* The length of an index hint at i, blank in front included; 0: none. */
static size_t hint(xd_str s, size_t i)
{
    static const xd_str not_indexed = XD_STR(" NOT INDEXED"), by = XD_STR(" INDEXED BY ");
    xd_str rest = xd_str_sub(s, i, s.n);
    if (xd_str_starts(rest, not_indexed)) {
        return not_indexed.n;
    }
    return xd_str_starts(rest, by) ? name_end(s, i + by.n) - i : 0;
}

static size_t param(xd_pg_text *text, xd_str name)
{
    size_t i = 0;
    while (i < text->n && !xd_str_eq(text->names[i], name)) {
        i++;
    }
    if (i == text->n) {
        assert(text->n < XD_PG_PARAMS);
        text->names[text->n++] = name;
    }
    return i + 1;
}

void xd_pg_translate(xd_arena *arena, const xd_sql *sql, xd_pg_text *ret_text)
{
    xd_str s = xd_str_of(sql->pg != NULL ? sql->pg : sql->text);
    xd_buf out = {0};
    bool quoted = false;
    *ret_text = (xd_pg_text){0};
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        bool named = !quoted && c == ':' && i + 1 < s.n && s.p[i + 1] >= 'a' &&
                     s.p[i + 1] <= 'z' && (i == 0 || s.p[i - 1] != ':');
        size_t skip = quoted ? 0 : hint(s, i);
        quoted ^= c == '\'';
        if (named) {
            size_t end = name_end(s, i + 1);
            xd_buf_printf(&out, "$%zu", param(ret_text, xd_str_sub(s, i, end)));
            i = end;
        } else if (skip > 0) {
            i += skip;
        } else {
            xd_buf_add(&out, (xd_str){s.p + i, 1});
            i++;
        }
    }
    ret_text->text = xd_cstr(arena, xd_buf_str(&out));
    xd_buf_free(&out);
}

void xd_pg_many(xd_arena *arena, xd_pg_text *text)
{
    xd_str s = xd_str_of(text->text);
    size_t values = xd_str_find(s, XD_S(" VALUES ("), 0);
    assert(values != SIZE_MAX);
    xd_buf out = {0};
    xd_buf_add(&out, xd_str_sub(s, 0, values));
    for (size_t i = 1; i <= text->n; i++) {
        xd_buf_printf(&out, "%s unnest($%zu)", i == 1 ? " SELECT" : ",", i);
    }
    text->text = xd_cstr(arena, xd_buf_str(&out));
    xd_buf_free(&out);
}

/* ---- errors ---- */

xd_code xd_pg_code(const char *sqlstate)
{
    static const struct {
        const char *prefix;
        xd_code code;
    } codes[] = {
        {"53100", XD_FULL  }, /* disk full */
        {"53",    XD_BUSY  }, /* out of connections, memory */
        {"54",    XD_LIMIT }, /* too large, too complex */
        {"23",    XD_BROKEN}, /* a constraint of ours */
        {"P0001", XD_BROKEN}, /* a trigger of ours */
        {"XX001", XD_BROKEN}, /* a page is damaged */
        {"XX002", XD_BROKEN}, /* an index is damaged */
        {"42501", XD_DENIED}, /* privileges */
        {"25006", XD_DENIED}, /* a standby, or opened for reading */
        {"28",    XD_DENIED}, /* who are you */
        {"3D",    XD_ABSENT}, /* no such database */
        {"40",    XD_BUSY  }, /* deadlock, serialization */
        {"55P03", XD_BUSY  }, /* a lock is held */
        {"57014", XD_BUSY  }, /* cancelled: the server's own time limits */
        {"57P",   XD_BUSY  }, /* going down, coming up */
        {"08",    XD_BUSY  }, /* the connection */
    };
    for (size_t i = 0; sqlstate != NULL && i < XD_LEN(codes); i++) {
        if (xd_str_starts(xd_str_of(sqlstate), xd_str_of(codes[i].prefix))) {
            return codes[i].code;
        }
    }
    return XD_SYSTEM;
}

void xd_pg_words(xd_ctx *cx, const char *place)
{
    static const struct {
        xd_code code;
        const char *zh, *en;
    } words[] = {
        {XD_FULL,   "数据库 %s 的存储空间已满，没有写入；请腾出空间后再试。",
         "The database %s has no room left; nothing was changed. Make room, then try again."},
        {XD_DENIED, "数据库 %s 不允许这个帐号这样做；请检查用户名、密码和权限。",
         "The database %s does not let this account do that. Check user, password and "
         "privileges."                                                                      },
        {XD_ABSENT, "没有数据库 %s；请先由管理员建好。",
         "There is no database %s. Have it made first."                                     },
        {XD_BROKEN, "数据库 %s 有损坏或被改动；请运行 xiudai verify 查明，并从备份恢复。",
         "The database %s is damaged or altered. Run xiudai verify to learn where, and restore "
         "a backup."                                                                        },
        {XD_BUSY,   "数据库 %s 现在没有回应；请确认服务器在运行、地址无误，稍后再试。",
         "The database %s does not answer now. Check that the server runs and the address is "
         "right, then try again."                                                           },
    };
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (cx->err.code == words[i].code) {
            xd_str at = xd_str_of(place);
            xd_str in[2] = {xd_str_of(words[i].zh), xd_str_of(words[i].en)};
            for (int l = 0; l < 2; l++) {
                size_t hole = xd_str_find(in[l], XD_S("%s"), 0);
                in[l] = xd_str_printf(cx->arena, XD_FMT XD_FMT XD_FMT,
                                      XD_ARG(xd_str_sub(in[l], 0, hole)), XD_ARG(at),
                                      XD_ARG(xd_str_sub(in[l], hole + 2, in[l].n)));
            }
            (void)xd_fail_words(cx, in[0], in[1]);
            return;
        }
    }
}
