// What many numbers come to.
#pragma once

#include <span>
#include <vector>

namespace owp::load {

struct Point {
    double x = 0;
    double y = 0;
};

/// Of the straight line that lies closest to the points (least squares); 0 for fewer than two
/// places.
[[nodiscard]] double slope(std::span<const Point> points);

/// The middle one, or the mean of the two; 0 for none.
[[nodiscard]] double median(std::vector<double> values);

/// What those that are more than `factor` times the median have of the sum of all; 0 for none.
[[nodiscard]] double outliers_share(std::span<const double> values, double factor);

} // namespace owp::load
