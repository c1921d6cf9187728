"""Speed of the desk, each figure beside a yardstick from the same run: `make bench [CASES=1000000]`."""
