"""Facts that move while people decide: nobody acts on a case here, and every case has to cope."""
