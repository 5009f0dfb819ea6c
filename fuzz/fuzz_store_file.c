/* A backup that came from outside: a sound store with bytes changed, handed to restore. Each five
 * bytes of input are an offset (u32, big-endian, taken modulo the file's size) and what is XORed
 * there. It must be refused or restored; never crash, hang, or touch what it should not. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/store.h"

#define PATCHES 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];

static const char *place(xd_ctx *cx, const char *name)
{
    return xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/%s", folder, name));
}

static bool append(xd_ctx *cx, xd_store *store, const xd_model *model)
{
    const xd_json *body = NULL, *about = NULL;
    xd_head *head = NULL;
    int64_t set = 0, seq = 0, id = 0;
    if (!xd_json_read(cx,
                      XD_S("{\"type\":\"plant\",\"state\":\"draft\",\"name\":{\"zh\":\"厂\"},"
                           "\"source_id\":\"A\",\"phone\":\"1\"}"),
                      &body) ||
        !xd_json_read(cx, XD_S("{\"verb\":\"import\"}"), &about) ||
        !xd_head_take(cx, store, model, "fuzz", 0, NULL, NULL, &head) ||
        !xd_set_open(cx, head, about, &set)) {
        return false;
    }
    const xd_act act = {XD_REV_CREATE, 0, 0, set, body, false};
    return xd_append(cx, head, &act, &seq, &id) && xd_head_commit(cx, head) &&
           xd_store_erase(cx, store, model, id, XD_S("phone"), &seq);
}

/* The sound store the changes are laid over, made once. */
static xd_str make_base(void)
{
    static xd_ctx cx; /* as long as the process */
    xd_faults faults = {0};
    const xd_model *model = NULL;
    xd_store *store = NULL;
    xd_str bytes;
    xd_ctx_begin(&cx);
    (void)snprintf(folder, sizeof folder, "%s/xd_fuzz_XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(folder) == NULL ||
        !xd_model_load(&cx, XD_SOURCE "/tests/cases/store/model", &faults, &model) ||
        !xd_store_open(&cx, place(&cx, "base.db"), XD_STORE_CREATE, &store) ||
        !xd_store_settle_model(&cx, store, model) || !append(&cx, store, model) ||
        !xd_store_backup(&cx, store, place(&cx, "sound.db"))) {
        fprintf(stderr, "cannot make the store to change: " XD_FMT "\n",
                XD_ARG(cx.err.message));
        abort();
    }
    xd_store_close(store);
    if (!xd_file_read(&cx, place(&cx, "sound.db"), 64 << 20, &bytes)) {
        abort();
    }
    return bytes;
}

static void tidy(void)
{
    char command[96];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static xd_str base;
    if (base.n == 0) {
        base = make_base();
        (void)atexit(tidy);
    }
    xd_ctx cx;
    xd_ctx_begin(&cx);
    char *bytes = xd_arena_take(cx.arena, base.n);
    memcpy(bytes, base.p, base.n);
    for (size_t i = 0; i + 5 <= size && i < (size_t)5 * PATCHES; i += 5) {
        uint32_t at = (uint32_t)data[i] << 24 | (uint32_t)data[i + 1] << 16 |
                      (uint32_t)data[i + 2] << 8 | data[i + 3];
        bytes[at % base.n] = (char)(bytes[at % base.n] ^ data[i + 4]);
    }
    const char *file = place(&cx, "changed.db"), *to = place(&cx, "restored.db");
    cx.deadline = xd_monotonic() + 5000000;
    if (xd_file_replace(&cx, file, (xd_str){bytes, base.n}, 0600) &&
        xd_store_restore(&cx, file, to)) {
        (void)unlink(to);
    } else if (cx.err.code == XD_OK) {
        abort(); /* failed without a word */
    }
    xd_ctx_end(&cx);
    return 0;
}
