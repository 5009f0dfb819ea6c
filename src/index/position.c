#include "index/position.h"

#include <stdlib.h>
#include <sys/random.h>

#include "index/seal.h"

#define MARK_MOST 64 /* characters; ours have 32 */

bool xd_position_key_of(xd_ctx *cx, xd_store *store, xd_position_key *ret_key)
{
    uint8_t secret[32];
    bool there = false;
    if (!xd_store_secret(cx, store, XD_S("positions"), &there, secret))
        return false;
    if (!there)
        return xd_fail(cx, XD_ABSENT, "an empty log has no positions");
    static_assert(sizeof *ret_key == sizeof secret, "two keys of 16 bytes");
    memcpy(ret_key, secret, sizeof secret);
    return true;
}

static uint64_t veil(const xd_position_key *key, xd_str nonce)
{
    return xd_siphash(key->veil, nonce);
}

xd_str xd_position_write(xd_arena *arena, const xd_position_key *key, int64_t seq)
{
    char nonce[8];
    xd_buf b = {0};
    if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
        abort(); /* so few bytes are never refused once the system has started */
    xd_buf_bytes(&b, nonce, sizeof nonce);
    xd_buf_u64be(&b, (uint64_t)seq ^ veil(key, (xd_str){nonce, sizeof nonce}));
    xd_str mark = xd_seal(arena, key->seal, 0, xd_buf_str(&b));
    xd_buf_free(&b);
    return mark;
}

bool xd_position_read(xd_arena *arena, const xd_position_key *key, xd_str mark,
                      int64_t *ret_seq)
{
    xd_str bytes;
    uint64_t seq = 0;
    if (mark.n > MARK_MOST || !xd_unseal(arena, key->seal, 0, mark, &bytes) || bytes.n != 16)
        return false;
    for (size_t i = 8; i < 16; i++)
        seq = seq << 8 | (unsigned char)bytes.p[i];
    *ret_seq = (int64_t)(seq ^ veil(key, xd_str_sub(bytes, 0, 8)));
    return true;
}
