/* Everything of a request that web/http_in.c reads: the first line is method, target and version,
 * parted by blanks; further lines are headers; behind an empty line stands a form. */
#include <stdint.h>

#include "web/http_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str rest = {(const char *)data, size}, line = {0}, word;
    xd_in in = {0};
    XD_VEC(xd_header) headers = {0};
    (void)xd_str_cut(&rest, '\n', &line); /* nothing to cut: an empty line */
    xd_str *parts[] = {&in.method, &in.uri, &in.version};
    for (size_t i = 0; i < 3 && xd_str_cut(&line, ' ', &word); i++) {
        *parts[i] = word;
    }
    while (xd_str_cut(&rest, '\n', &line) && line.n > 0) {
        size_t colon = xd_str_find(line, XD_S(":"), 0);
        *xd_push(cx.arena, &headers) = (xd_header){
            xd_str_sub(line, 0, colon == SIZE_MAX ? line.n : colon),
            colon == SIZE_MAX ? XD_S("") : xd_str_sub(line, colon + 1, line.n),
        };
    }
    in.headers = headers.at;
    in.n_headers = headers.n;

    xd_http_verdict verdict;
    xd_request request = {0};
    xd_http_judge(&in, &verdict);
    xd_refusal refusal = xd_http_address(&cx, in.uri, &request);
    if (refusal.status == 0) {
        assert(request.path.n > 0 && request.path.p[0] == '/');
        assert(xd_str_find(request.path, XD_S("/../"), 0) == SIZE_MAX);
        assert(memchr(request.path.p, '\0', request.path.n) == NULL);
        assert(request.n_params <= XD_HTTP_PARAMS);
    }
    xd_param_list params = {0};
    (void)xd_http_form(&cx, rest, &params); /* refused or not: it must only not break */
    xd_str trusted[] = {XD_S("10.0.0.1")};
    xd_strs list = {trusted, 1, 1};
    for (size_t i = 0; i < in.n_headers; i++) {
        xd_str value = in.headers[i].value;
        (void)xd_http_ip(cx.arena, xd_http_client(XD_S("10.0.0.1"), value, &list));
        (void)xd_http_wants(value, XD_S("br"));
        (void)xd_http_tag_matches(value, XD_S("\"0123-gz\""));
    }
    xd_ctx_end(&cx);
    return 0;
}
