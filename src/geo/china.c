/* geo/china.c — GCJ-02 and BD-09, the two shifted systems of Chinese web maps.
 *
 * GCJ-02 moves a WGS 84 position by some hundred metres, by a fixed sum of sines of the offset
 * from 105° E, 35° N, scaled to degrees on the Krasovsky ellipsoid; BD-09 turns and stretches
 * that once more in polar coordinates. Neither is published; the constants are those every
 * open implementation has had since 2013 and agree with the vendors' services to well below a
 * metre. Outside 72.004–137.8347° E, 0.8293–55.8271° N both are WGS 84.
 *
 * The forward shift is smooth and changes by less than 1 % of a step, so its inverse is found
 * by walking back the difference: each round gains two digits or more, seven suffice. Only
 * along the rectangle's edge, in deserts and sea, may a shifted position have no origin at all;
 * there the walk is stopped after a fixed number of rounds. */
#include "geo/inside.h"

#include <math.h>

static const double pi = 3.14159265358979323846;
static const double semi_major_m = 6378245.0; /* Krasovsky 1940 */
static const double eccentricity2 = 0.00669342162296594323;
static const double inverse_goal = 1e-10; /* degrees; 0.01 mm */
enum { INVERSE_ROUNDS = 40 };

static bool is_shifted(xd_lonlat p)
{
    return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271;
}

/* The waves both components share, along x: 20 sin 6πx + 20 sin 2πx. */
static double ripple(double x)
{
    return 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x);
}

static xd_lonlat gcj02_shift(xd_lonlat p)
{
    double x = p.lon - 105;
    double y = p.lat - 35;
    double root = sqrt(fabs(x));
    double east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
                  2.0 / 3 *
                      (ripple(x) + 20 * sin(pi * x) + 40 * sin(pi * x / 3) +
                       150 * sin(pi * x / 12) + 300 * sin(pi * x / 30));
    double north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
                   2.0 / 3 *
                       (ripple(x) + 20 * sin(pi * y) + 40 * sin(pi * y / 3) +
                        160 * sin(pi * y / 12) + 320 * sin(pi * y / 30));
    double latitude = p.lat * pi / 180;
    double w2 = 1 - eccentricity2 * sin(latitude) * sin(latitude);
    double w = sqrt(w2);
    double across_m = semi_major_m / w; /* radius in the prime vertical */
    double along_m = semi_major_m * (1 - eccentricity2) / (w2 * w); /* along the meridian */
    return (xd_lonlat){
        east * 180 / (across_m * cos(latitude) * pi),
        north * 180 / (along_m * pi),
    };
}

xd_lonlat xd_gcj02_from_wgs84(xd_lonlat p)
{
    if (!is_shifted(p)) {
        return p;
    }
    xd_lonlat shift = gcj02_shift(p);
    return (xd_lonlat){p.lon + shift.lon, p.lat + shift.lat};
}

static xd_lonlat bd09_from_gcj02(xd_lonlat p)
{
    const double k = pi * 3000 / 180;
    double radius = sqrt(p.lon * p.lon + p.lat * p.lat) + 0.00002 * sin(p.lat * k);
    double angle = atan2(p.lat, p.lon) + 0.000003 * cos(p.lon * k);
    return (xd_lonlat){radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006};
}

xd_lonlat xd_bd09_from_wgs84(xd_lonlat p)
{
    return is_shifted(p) ? bd09_from_gcj02(xd_gcj02_from_wgs84(p)) : p;
}

static xd_lonlat walk_back(xd_lonlat (*forward)(xd_lonlat), xd_lonlat target)
{
    xd_lonlat guess = target;
    for (int i = 0; i < INVERSE_ROUNDS; i++) {
        xd_lonlat there = forward(guess);
        xd_lonlat off = {there.lon - target.lon, there.lat - target.lat};
        if (fabs(off.lon) < inverse_goal && fabs(off.lat) < inverse_goal) {
            break;
        }
        guess.lon -= off.lon;
        guess.lat -= off.lat;
    }
    return guess;
}

xd_lonlat xd_gcj02_to_wgs84(xd_lonlat p)
{
    return walk_back(xd_gcj02_from_wgs84, p);
}

xd_lonlat xd_bd09_to_wgs84(xd_lonlat p)
{
    return walk_back(xd_bd09_from_wgs84, p);
}
