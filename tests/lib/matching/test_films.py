import numpy as np
import pytest
from tests.support.hashes import turned, uniform

from lykta.lib.matching.films import Match, find_films, telling
from lykta.lib.matching.near import NearIndex

FILM, OTHER = uniform(20, seed=1), uniform(30, seed=2)


@pytest.fixture
def films(index: NearIndex) -> NearIndex:
    index.add(np.full(20, 1), FILM)
    index.add(np.full(30, 2), OTHER)
    return index


def test_a_copy_whose_frames_all_changed_a_little_is_found(films: NearIndex) -> None:
    copy = turned(FILM, np.full(20, 31), seed=3)
    assert find_films(films, copy) == [Match(1, 100.0)]
    assert find_films(films, turned(FILM, np.full(20, 32), seed=3)) == []


@pytest.mark.parametrize(("frames", "found"), [(8, [Match(1, 80.0)]), (7, [])])
def test_eight_frames_of_ten_are_enough_and_seven_are_not(films: NearIndex, frames: int, found: list[Match]) -> None:
    query = np.concatenate([FILM[:frames], uniform(10 - frames, seed=4)])
    assert find_films(films, query) == found
    assert find_films(films, query, enough=70) == [Match(1, frames * 10.0)]


def test_a_frame_that_is_near_to_many_frames_of_a_film_counts_once(films: NearIndex) -> None:
    films.add(np.full(5, 3), turned(FILM[:1].repeat(5, axis=0), np.arange(5), seed=5))
    assert find_films(films, FILM[:10], enough=10) == [Match(1, 100.0), Match(3, 10.0)]


def test_a_part_of_a_film_is_found_in_it_but_not_the_whole_by_its_part(films: NearIndex) -> None:
    films.add(np.full(5, 4), OTHER[:5])
    assert find_films(films, OTHER[:5]) == [Match(2, 100.0), Match(4, 100.0)]
    assert find_films(films, OTHER) == [Match(2, 100.0)]


def test_frames_of_low_quality_and_the_same_frame_again_say_nothing(films: NearIndex) -> None:
    frames = np.concatenate([FILM[:2], FILM[:1], uniform(1, seed=9)])
    kept = telling(frames, np.array([50, 100, 70, 49]))
    assert sorted(kept.tolist()) == sorted(FILM[:2].tolist())
    assert find_films(films, telling(frames, np.zeros(4, np.int64))) == []


def test_a_film_that_was_withdrawn_is_gone_with_all_its_frames(films: NearIndex) -> None:
    films.withdraw(np.array([1]))
    assert find_films(films, FILM, enough=1) == []
    assert find_films(films, OTHER) == [Match(2, 100.0)]
