"""What every HTTP face stands on: who comes in, what may be sent, how an answer is given."""
