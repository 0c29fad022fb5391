"""The hand: linocut, brush, stipple and other manners, put on a clean separation at print resolution."""

from patterns.hand.putting import HANDS, put_on

__all__ = ["HANDS", "put_on"]
