#include "load/statistics.hpp"

#include <algorithm>

namespace owp::load {

double slope(std::span<const Point> points) {
    Point mean;
    for (const Point& point : points) {
        mean.x += point.x / static_cast<double>(points.size());
        mean.y += point.y / static_cast<double>(points.size());
    }
    double together = 0;
    double alone = 0;
    for (const Point& point : points) {
        together += (point.x - mean.x) * (point.y - mean.y);
        alone += (point.x - mean.x) * (point.x - mean.x);
    }
    return alone > 0 ? together / alone : 0;
}

double median(std::vector<double> values) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double outliers_share(std::span<const double> values, double factor) {
    const double bound = factor * median({values.begin(), values.end()});
    double all = 0;
    double outliers = 0;
    for (const double value : values) {
        all += value;
        outliers += value > bound ? value : 0;
    }
    return all > 0 ? outliers / all : 0;
}

} // namespace owp::load
