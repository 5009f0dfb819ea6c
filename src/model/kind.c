/* The kinds of fields, one row each. */
#include "model/cql.h"
#include "model/hours.h"

static bool read_query(xd_ctx *cx, xd_str text, xd_str *ret_value)
{
    const xd_cql *cql;
    if (!xd_cql_read_text(cx, text, &cql))
        return false;
    *ret_value = text;
    return true;
}

static const xd_rule phone = {
    xd_phone_read, {"电话号码", "a phone number"}
};
static const xd_rule url = {
    xd_url_read, {"http 或 https 网址", "an http or https address"}
};
static const xd_rule query = {
    read_query, {"CQL2 条件", "a CQL2 filter"}
};
static const xd_rule uscc = {
    xd_uscc_read,
    {"统一社会信用代码（18 位，末位是校验码）",
      "a unified social credit code (18 characters, the last a check digit)"}
};

const xd_rule *xd_rule_of(const xd_field *field)
{
    return field->scheme.n > 0 ? &uscc : xd_kinds[field->kind].rule;
}

/* clang-format off */
#define SAID(zh, en) {XD_STR(zh), XD_STR(en)}
const xd_kind_row xd_kinds[] = {
    [XD_KIND_TEXT] = {.name = XD_STR("text"), .kept = XD_KEPT_TEXTS,
        .label = SAID("文字", "text"),
        .cell = SAID("文字", "text")},
    [XD_KIND_MARKDOWN] = {.name = XD_STR("markdown"), .kept = XD_KEPT_TEXTS,
        .label = SAID("长文", "long text"),
        .cell = SAID("文字，可分段", "text, may have paragraphs")},
    [XD_KIND_NUMBER] = {.name = XD_STR("number"), .kept = XD_KEPT_NUMBER, .rest = true,
        .label = SAID("数", "number"),
        .cell = SAID("数字", "a number"), .example = XD_STR("3642")},
    [XD_KIND_BOOLEAN] = {.name = XD_STR("boolean"), .kept = XD_KEPT_BOOLEAN, .rest = true,
        .label = SAID("是否", "yes or no"),
        .cell = SAID("是 或 否", "yes or no"), .example = XD_STR("是")},
    [XD_KIND_PERIOD] = {.name = XD_STR("period"), .kept = XD_KEPT_PERIOD,
        .label = SAID("时间", "time"),
        .cell = SAID("年、年代或年号，如 1958年、20世纪50年代、光绪十六年、1953—1958", "a year, span or reign year: 1958, 1953/1958, 195X, 光绪十六年"), .example = XD_STR("1958年")},
    [XD_KIND_TERM] = {.name = XD_STR("term"), .kept = XD_KEPT_CODE, .rest = true,
        .label = SAID("词表", "term of a list"),
        .cell = SAID("从下拉表中选，或写名称、代码", "choose from the list, or write name or code")},
    [XD_KIND_PLACE] = {.name = XD_STR("place"), .kept = XD_KEPT_PLACE,
        .label = SAID("位置", "place"),
        .cell = SAID("经纬度，十进制或度分秒；坐标系另列写明", "decimal or degrees-minutes-seconds; name the system in its column"), .example = XD_STR("117.2830")},
    [XD_KIND_LINK] = {.name = XD_STR("link"), .kept = XD_KEPT_LINK,
        .label = SAID("关联", "link"),
        .cell = SAID("另一条记录的编号或名称", "number or name of another record")},
    [XD_KIND_GROUP] = {.name = XD_STR("group"), .kept = XD_KEPT_GROUP,
        .label = SAID("组", "group"),
        .cell = SAID("一组内容，按导出表的写法", "a group, as exported tables write it")},
    [XD_KIND_DIVISION] = {.name = XD_STR("division"), .kept = XD_KEPT_CODE,
        .label = SAID("行政区划", "administrative division"),
        .cell = SAID("市、县（区）名称，或六位区划代码", "names of city and county, or the six-digit code"), .example = XD_STR("340102")},
    [XD_KIND_HOURS] = {.name = XD_STR("hours"), .kept = XD_KEPT_HOURS, .rest = true,
        .label = SAID("开放时间", "opening hours"),
        .cell = SAID("如 周二至周日 9:00-17:00，16:30停止入场", "Tue–Sun 9:00–17:00, last entry 16:30"), .example = XD_STR("周二至周日 9:00-17:00")},
    [XD_KIND_PHONE] = {.name = XD_STR("phone"), .kept = XD_KEPT_STRING, .rule = &phone, .rest = true,
        .label = SAID("电话", "phone"),
        .cell = SAID("区号-号码", "area code-number"), .example = XD_STR("0551-62600000")},
    [XD_KIND_CONTACT] = {.name = XD_STR("contact"), .kept = XD_KEPT_STRING,
        .label = SAID("联系人", "contact"),
        .cell = SAID("只供工作联系，不公开", "for work only, never public")},
    [XD_KIND_URL] = {.name = XD_STR("url"), .kept = XD_KEPT_STRING, .rule = &url, .format = "uri", .rest = true,
        .label = SAID("网址", "web address"),
        .cell = SAID("http:// 或 https:// 开头的网址", "an address with http:// or https://"), .example = XD_STR("https://www.example.org/")},
    [XD_KIND_IDENTIFIER] = {.name = XD_STR("identifier"), .kept = XD_KEPT_STRING,
        .label = SAID("代码", "code"),
        .cell = SAID("编号，原样填写", "an identifier, as it is")},
    [XD_KIND_QUERY] = {.name = XD_STR("query"), .kept = XD_KEPT_STRING, .rule = &query,
        .label = SAID("查询", "query"),
        .cell = SAID("CQL2 条件", "a CQL2 condition"), .example = XD_STR("year = 2026")},
    [XD_KIND_FILE] = {.name = XD_STR("file"), .kept = XD_KEPT_FILE,
        .label = SAID("文件", "file"),
        .cell = SAID("文件", "a file")},
};
/* clang-format on */
