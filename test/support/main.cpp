// The one main of all test programs.
#define BOOST_TEST_MODULE sotto
#include <boost/test/unit_test.hpp>
