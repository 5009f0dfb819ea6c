#include "store/files_room.h"

#include <errno.h>
#include <openssl/evp.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10)

struct xd_files {
    bool remote;
    const char *folder;
    const char *shown;
    xd_s3 s3;
};

void xd_file_hex(const uint8_t hash[XD_FILE_HASH], char ret_hex[XD_FILE_HASH * 2 + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < XD_FILE_HASH; i++) {
        ret_hex[i * 2] = digits[hash[i] >> 4];
        ret_hex[i * 2 + 1] = digits[hash[i] & 15];
    }
    ret_hex[XD_FILE_HASH * 2] = '\0';
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool xd_file_unhex(xd_str hex, uint8_t ret_hash[XD_FILE_HASH])
{
    uint8_t hash[XD_FILE_HASH];
    if (hex.n != sizeof hash * 2) {
        return false;
    }
    for (size_t i = 0; i < sizeof hash; i++) {
        int high = nibble(hex.p[i * 2]), low = nibble(hex.p[i * 2 + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        hash[i] = (uint8_t)(high << 4 | low);
    }
    memcpy(ret_hash, hash, sizeof hash);
    return true;
}

static void close_files(void *p)
{
    xd_files *files = p;
    if (files->remote) {
        xd_s3_close(&files->s3);
    }
}

bool xd_files_open(xd_ctx *cx, const char *place, xd_files **ret_files)
{
    xd_files *files = xd_new(cx->arena, xd_files);
    xd_str text = xd_str_of(place);
    size_t question = xd_str_find(text, XD_S("?"), 0);
    files->remote = xd_str_starts(text, XD_S("s3://"));
    if (files->remote && !xd_s3_open(cx, place, &files->s3)) {
        return false;
    }
    if (!files->remote && (text.n == 0 || xd_str_find(text, XD_S("://"), 0) != SIZE_MAX)) {
        (void)xd_fail(cx, XD_INVALID, "%s is no place for files", place);
        return xd_fail_words(
            cx, XD_S("文件的存放处应是一个文件夹，或 s3://桶/前缀?endpoint=…&region=…。"),
            XD_S("Files lie in a folder, or in s3://BUCKET/PREFIX?endpoint=…&region=…."));
    }
    files->folder = xd_cstr(cx->arena, text);
    files->shown =
        files->remote ? xd_cstr(cx->arena, xd_str_sub(text, 0, question)) : files->folder;
    xd_defer(cx, close_files, files);
    *ret_files = files;
    return true;
}

const char *xd_files_place(const xd_files *files)
{
    return files->shown;
}

/* Of the file from `at`, or less where it ends. */
static bool hash_some(xd_ctx *cx, EVP_MD_CTX *work, int fd, uint64_t from, uint64_t most,
                      uint8_t ret_hash[XD_FILE_HASH], uint64_t *ret_bytes)
{
    char *piece = xd_new_n(cx->arena, char, PIECE);
    uint64_t at = 0;
    bool ok = EVP_DigestInit_ex(work, EVP_sha256(), NULL) == 1;
    for (ssize_t n = 1; ok && n > 0; at += (uint64_t)n) {
        size_t wanted = most - at < PIECE ? (size_t)(most - at) : PIECE;
        n = pread(fd, piece, wanted, (off_t)(from + at));
        if (n < 0) {
            return xd_fail_errno(cx, errno, "reading a file");
        }
        ok = EVP_DigestUpdate(work, piece, (size_t)n) == 1;
    }
    if (!ok || EVP_DigestFinal_ex(work, ret_hash, NULL) != 1) {
        return xd_fail(cx, XD_SYSTEM, "hashing failed");
    }
    *ret_bytes = at;
    return true;
}

static bool hash_from(xd_ctx *cx, int fd, uint64_t from, uint64_t most,
                      uint8_t ret_hash[XD_FILE_HASH], uint64_t *ret_bytes)
{
    uint8_t hash[XD_FILE_HASH];
    EVP_MD_CTX *work = EVP_MD_CTX_new();
    bool ok = work == NULL ? xd_fail(cx, XD_SYSTEM, "OpenSSL has no memory")
                           : hash_some(cx, work, fd, from, most, hash, ret_bytes);
    EVP_MD_CTX_free(work);
    if (ok) {
        memcpy(ret_hash, hash, sizeof hash);
    }
    return ok;
}

bool xd_files_hash(xd_ctx *cx, int fd, uint8_t ret_hash[XD_FILE_HASH], uint64_t *ret_bytes)
{
    return hash_from(cx, fd, 0, UINT64_MAX, ret_hash, ret_bytes);
}

bool xd_files_hash_part(xd_ctx *cx, int fd, uint64_t at, uint64_t bytes,
                        uint8_t ret_hash[XD_FILE_HASH])
{
    uint64_t had = 0;
    return hash_from(cx, fd, at, bytes, ret_hash, &had) &&
           (had == bytes || xd_fail(cx, XD_BROKEN, "the file has become shorter"));
}

bool xd_files_hash_text(xd_ctx *cx, xd_str text, uint8_t ret_hash[XD_FILE_HASH])
{
    return EVP_Digest(text.p, text.n, ret_hash, NULL, EVP_sha256(), NULL) == 1 ||
           xd_fail(cx, XD_SYSTEM, "hashing failed");
}

bool xd_files_put(xd_ctx *cx, xd_files *files, int fd, const uint8_t hash[XD_FILE_HASH],
                  uint64_t bytes)
{
    bool ok = files->remote ? xd_s3_put(cx, &files->s3, fd, hash, bytes)
                            : xd_folder_put(cx, files->folder, fd, hash);
    return ok || xd_fail_note(cx, "putting a file to %s", files->shown);
}

bool xd_files_get(xd_ctx *cx, xd_files *files, const uint8_t hash[XD_FILE_HASH], int fd,
                  uint64_t most)
{
    uint8_t got[XD_FILE_HASH];
    uint64_t bytes = 0;
    char hex[XD_FILE_HASH * 2 + 1];
    xd_file_hex(hash, hex);
    bool ok = (files->remote ? xd_s3_get(cx, &files->s3, hash, fd, most)
                             : xd_folder_get(cx, files->folder, hash, fd, most)) &&
              xd_files_hash(cx, fd, got, &bytes) &&
              (memcmp(got, hash, sizeof got) == 0 ||
               xd_fail(cx, XD_BROKEN, "its bytes are not those it is named by"));
    return ok || xd_fail_note(cx, "getting file %s from %s", hex, files->shown);
}

bool xd_files_remove(xd_ctx *cx, xd_files *files, const uint8_t hash[XD_FILE_HASH])
{
    bool ok = files->remote ? xd_s3_remove(cx, &files->s3, hash)
                            : xd_folder_remove(cx, files->folder, hash);
    return ok || xd_fail_note(cx, "removing a file from %s", files->shown);
}

bool xd_files_list(xd_ctx *cx, xd_files *files, xd_files_items *items)
{
    bool ok = files->remote ? xd_s3_list(cx, &files->s3, items)
                            : xd_folder_list(cx, files->folder, items);
    return ok || xd_fail_note(cx, "listing %s", files->shown);
}
